"""A call captured on a tunnel: no link layer at all."""

import net
import scene as stage


def make():
    return stage.Scene(link=net.RAW_IP)


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
