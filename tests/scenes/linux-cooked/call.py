"""A call captured on "any": Linux cooked, version 1."""

import net
import scene as stage


def make():
    return stage.Scene(link=net.LINUX_COOKED)


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
