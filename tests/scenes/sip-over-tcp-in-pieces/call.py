"""SIP over TCP: a message over many segments that overtake each other, and several messages in
one segment."""

import scene as stage


def play(scene):
    caller, callee = scene.pair()
    tcp = stage.Tcp(scene, caller, callee)
    call = scene.call(caller, callee, transport=tcp)
    tcp.pieces = lambda message: [message[at:at + 97] for at in range(0, len(message), 97)]
    tcp.order = lambda segments: segments[:1] + segments[2:] + segments[1:2]
    call.invite()
    tcp.pieces, tcp.order = lambda message: [message], lambda segments: segments
    tcp.held = []
    call.trying()
    call.ring(0.3)
    call.reply(call.open_invite, 200, 'OK', call.b.sdp())
    tcp.send_held(callee)
    call.acknowledge()
    call.talk(3.0)
    call.hang_up()
