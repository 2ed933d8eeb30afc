"""20, 30, 10 and 40 ms of sound to a packet, in one stream."""


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    for call.a.frame_ms in (20, 30, 10, 40):
        call.talk(1.2)
    call.hang_up()
