"""The capture was started when they were already talking; only the BYE tells of signalling."""


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    scene.forget_the_past()
    call.talk(3.0)
    call.hang_up()
