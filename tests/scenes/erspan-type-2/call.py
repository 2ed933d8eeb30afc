"""The mirror sends ERSPAN type II."""

import net
import scene as stage


def make():
    def frame(packet):
        return net.mirrored(net.erspan_2(net.mirrored(packet), 1))
    return stage.Scene(link=(1, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
