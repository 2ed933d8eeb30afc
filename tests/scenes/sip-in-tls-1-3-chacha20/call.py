"""SIP in TLS 1.3 with TLS_CHACHA20_POLY1305_SHA256, read with a key log."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    connection = tls.Tls(scene, caller, callee, version=tls.V1_3,
                         ciphers='TLS_CHACHA20_POLY1305_SHA256')
    call = scene.call(caller, callee, transport=connection)
    call.set_up()
    call.talk(3.0)
    call.hang_up()
