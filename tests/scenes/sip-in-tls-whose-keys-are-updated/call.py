"""SIP in TLS 1.3; in mid-call each side takes new keys, twice (RFC 8446 4.6.3)."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    connection = tls.Tls(scene, caller, callee)
    connection.update_key(caller)
    call = scene.call(caller, callee, transport=connection)
    call.invite()
    connection.update_key(callee, asks_other=True)
    call.trying()
    call.ring()
    connection.update_key(caller)
    call.answer()
    call.talk(3.0)
    connection.update_key(callee)
    call.hang_up()
