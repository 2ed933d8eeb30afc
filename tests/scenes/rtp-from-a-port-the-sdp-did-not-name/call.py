"""The caller sits behind NAT: its description names a private address that nobody ever sees
media from."""


def play(scene):
    call = scene.call(*scene.pair())
    call.a.media = ('10.1.2.3', 40_404)
    call.a.source = ('192.0.2.10', 61_234)
    call.latches = True
    call.set_up()
    call.talk(3.0)
    call.hang_up()
