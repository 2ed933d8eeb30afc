"""The capture ends while the call goes on: what was said until then is kept, and the end is
named."""


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(3.0)
