"""UDP loses things, so SIP says things twice: still one call with one beginning and one end."""


def play(scene):
    call = scene.call(*scene.pair())

    def again(leg, message):
        scene.wait(0.5)
        call.send(leg, message)

    again(call.a, call.invite())
    call.trying()
    again(call.b, call.reply(call.open_invite, 180, 'Ringing'))
    scene.wait(0.2)
    again(call.b, call.reply(call.open_invite, 200, 'OK', call.b.sdp()))
    again(call.a, call.acknowledge())
    call.talk(3.0)
    message, asked = call.request(call.a, 'BYE')
    again(call.a, message)
    again(call.b, call.reply(asked, 200, 'OK'))
