"""A call captured on "any": Linux cooked, version 2."""

import net
import scene as stage


def make():
    return stage.Scene(link=net.LINUX_COOKED_V2)


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
