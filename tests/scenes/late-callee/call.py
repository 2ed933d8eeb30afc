"""The called party's first packet comes 2.5 s after the caller's: it begins that much later, on
its own side."""


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.5, who=(call.a,))
    call.talk(2.0)
    call.hang_up()
