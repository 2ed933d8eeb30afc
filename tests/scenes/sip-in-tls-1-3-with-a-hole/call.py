"""The ends of a reply in mid-connection were not captured, and a KeyUpdate neither: what follows is
read again, in TLS 1.3."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    connection = tls.Tls(scene, caller, callee,
                         pieces=lambda sealed: [sealed[at:at + 97]
                                                for at in range(0, len(sealed), 97)])
    for number in range(3):
        call = scene.call(caller, callee, transport=connection)
        call.invite()
        call.trying()
        if number == 1:
            connection.order = lambda segments: segments[1:-1]
            connection.update_key(callee)
            call.ring()
            connection.order = lambda segments: segments
        call.answer()
        call.talk(8.0)
        call.hang_up()
        scene.wait(10)
