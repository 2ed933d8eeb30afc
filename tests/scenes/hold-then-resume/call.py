"""The called party is put on hold and taken back. Both are silent meanwhile, and their time
stamps go on: the silence is as long as the hold was."""


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.a.direction, call.b.direction = 'sendonly', 'recvonly'
    call.change(call.a)
    scene.wait(3.0)
    call.a.direction = call.b.direction = 'sendrecv'
    call.change(call.a)
    call.talk(2.0)
    call.hang_up()
