"""Early data that a HelloRetryRequest answers: it is passed over, and the call is read."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    memory = tls.Memory(early_bytes=4096, groups=('X25519:P-256', None))
    tls.Tls(scene, caller, callee, memory, client_port=50_600).remember().close()
    call = scene.call(caller, callee, transport=tls.Noted())
    invite = call.invite()
    memory.set_group(memory.server, 'P-256')
    connection = tls.Tls(scene, caller, callee, memory, early=[b'OPTIONS sip:x SIP/2.0'],
                         takes_early=False, client_port=50_610)
    connection.send(caller, invite)
    call.transport = connection
    call.trying()
    call.ring()
    call.answer()
    call.talk(3.0)
    call.hang_up()
