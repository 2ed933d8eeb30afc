"""The mirror sends ERSPAN type III: frames with the platform's header one way, bare IP packets the
other."""

import net
import scene as stage


def make():
    def frame(packet):
        if net.is_from(packet, '192.0.2.10'):
            return net.mirrored(net.erspan_3(net.mirrored(packet), 1, platform=b'\x18' + bytes(7)))
        return net.mirrored(net.erspan_3(packet, 2, frame_type=2))
    return stage.Scene(link=(1, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
