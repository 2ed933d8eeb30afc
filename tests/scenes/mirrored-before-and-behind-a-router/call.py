"""The mirror shows each packet twice, on either side of a router: with other Ethernet addresses,
another VLAN tag and a hop less. Each is heard once, and counted."""

import net
import scene as stage


def make():
    def frame(packet):
        if packet[8] == 64:
            return net.ethernet((0x8100, 20))[1](packet)
        behind = net.ethernet((0x8100, 30))[1](packet)
        return b'\x02\0\0\0\0\x08\x02\0\0\0\0\x09' + behind[12:]
    return stage.Scene(link=(1, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(3.0)
    call.hang_up()
    scene.mirror_twice(change=net.one_hop_on)
