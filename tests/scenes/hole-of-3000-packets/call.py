"""For a whole minute nothing of the caller arrives: a minute of silence, and 3,000 packets lost."""


def play(scene):
    call = scene.call(*scene.pair())
    call.a.fate = lambda index: () if 100 <= index < 3100 else (0,)
    call.set_up()
    call.talk(64.0)
    call.hang_up()
