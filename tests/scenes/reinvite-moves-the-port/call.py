"""In mid-call the caller moves its media to another port and address: still one call, two
tracks."""


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.a.media = ('203.0.113.10', 52_000)
    call.change(call.a)
    call.talk(2.0)
    call.hang_up()
