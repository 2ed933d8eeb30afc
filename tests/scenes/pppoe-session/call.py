"""Mirrored on a subscriber's line: PPPoE, filled up behind the packet."""

import net
import scene as stage


def make():
    def frame(packet):
        return net.pppoe(packet)
    return stage.Scene(link=(1, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
