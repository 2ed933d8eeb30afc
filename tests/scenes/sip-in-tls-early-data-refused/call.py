"""The server does not take the early data: what was said there counts as not said, and is said
again."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    memory = tls.Memory(early_bytes=4096, groups=(None, None))
    tls.Tls(scene, caller, callee, memory, client_port=50_600).remember().close()
    call = scene.call(caller, callee, transport=tls.Noted())
    invite = call.invite()
    unheard = invite.replace(b'+31207654321', b'+31200000000')
    connection = tls.Tls(scene, caller, callee, memory, early=[unheard], takes_early=False,
                         client_port=50_610)
    connection.send(caller, invite)
    call.transport = connection
    call.trying()
    call.ring()
    call.answer()
    call.talk(3.0)
    call.hang_up()
