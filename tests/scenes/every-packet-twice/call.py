"""The mirror port shows each packet twice: each is heard once, and counted."""


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(3.0)
    call.hang_up()
    scene.mirror_twice()
