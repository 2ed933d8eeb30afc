"""Mirrored within an MPLS network: IP under two labels one way; Ethernet the other, without a
control word, to a card whose address begins as an IP packet does."""

import net
import scene as stage


def make():
    def frame(packet):
        if net.is_from(packet, '192.0.2.10'):
            return net.mpls((16, 17), packet)
        return net.mpls((18,), b'\x4c\0\0\x3c' + net.mirrored(packet)[4:])
    return stage.Scene(link=(1, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
