"""SIP in TLS 1.3 whose server asked for another hello (HelloRetryRequest, RFC 8446 4.1.4)."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    connection = tls.Tls(scene, caller, callee, groups=('X25519:P-256', 'P-256'))
    call = scene.call(caller, callee, transport=connection)
    call.set_up()
    call.talk(3.0)
    call.hang_up()
