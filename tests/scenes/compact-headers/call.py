"""Every header that has a short form is written short (RFC 3261 7.3.3)."""


def play(scene):
    call = scene.call(*scene.pair(), compact=True)
    call.set_up()
    call.talk(2.0)
    call.hang_up()
