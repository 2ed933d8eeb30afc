"""The caller's phone stops sending for a while and goes on as if no time had passed. The clock
on the wall keeps the two sides together."""


def play(scene):
    call = scene.call(*scene.pair())
    call.a.keeps_timestamps = True
    call.set_up()
    call.talk(2.0)
    call.talk(1.5, who=(call.b,))
    call.talk(2.0)
    call.hang_up()
