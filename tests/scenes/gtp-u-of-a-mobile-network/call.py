"""Mirrored between a mobile network's radio and core: bare GTP-U one way; with sequence number,
N-PDU number and two extension headers the other."""

import net
import scene as stage


def make():
    extensions = ((0x85, b'\x10\x09'), (0xc0, bytes(6)))

    def frame(packet):
        if net.is_from(packet, '192.0.2.10'):
            return net.mirrored(net.gtp_u(packet))
        return net.mirrored(net.gtp_u(packet, sequence=9, n_pdu=7, extensions=extensions))
    return stage.Scene(link=(1, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
