"""The server does not take the early data: what was said there counts as not said. It would be
an attempt that nobody answered."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    memory = tls.Memory(early_bytes=4096)
    tls.Tls(scene, caller, callee, memory, client_port=50_600).remember().close()
    call = scene.call(caller, callee, transport=tls.Noted())
    invite = call.invite()
    unheard = invite.replace(call.call_id.encode(), b'another@example.invalid')
    connection = tls.Tls(scene, caller, callee, memory, early=[unheard], takes_early=False,
                         client_port=50_610)
    connection.send(caller, invite)
    call.transport = connection
    call.trying()
    call.ring()
    call.answer()
    call.talk(3.0)
    call.hang_up()
