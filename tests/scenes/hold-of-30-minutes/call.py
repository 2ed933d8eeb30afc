"""The called party is put on hold for half an hour: five seconds of music come from the one who
holds, and then nothing from anybody. The time stamps go on; both sides come back at their place,
beside each other, and the recording is as long as the hold was."""


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.a.direction, call.b.direction = 'sendonly', 'recvonly'
    call.change(call.a)
    call.a.speak(5.0)
    scene.wait(30 * 60)
    call.a.direction = call.b.direction = 'sendrecv'
    call.change(call.a)
    call.talk(2.0)
    call.hang_up()
