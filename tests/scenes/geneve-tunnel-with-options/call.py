"""The mirror sends GENEVE: Ethernet behind two options one way, bare IP the other."""

import net
import scene as stage


def make():
    options = bytes.fromhex('0102 01 01 aabbccdd 0102 02 00')

    def frame(packet):
        if net.is_from(packet, '192.0.2.10'):
            return net.mirrored(net.geneve(0x6558, net.mirrored(packet), options))
        return net.mirrored(net.geneve(0x0800, packet))
    return stage.Scene(link=(1, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
