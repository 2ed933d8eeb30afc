"""Two switches mirror each packet, one as it is, the other by VXLAN: heard once, and counted."""

import net
import scene as stage


def make():
    def frame(packet):
        if packet[8] == 64:
            return net.mirrored(packet)
        return net.mirrored(net.vxlan(net.mirrored(packet)))
    return stage.Scene(link=(1, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(3.0)
    call.hang_up()
    scene.mirror_twice(change=net.one_hop_on)
