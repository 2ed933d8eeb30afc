"""SIP in TLS 1.2 with ECDHE-RSA-AES128-GCM-SHA256, read with a key log."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    connection = tls.Tls(scene, caller, callee, version=tls.V1_2,
                         ciphers='ECDHE-RSA-AES128-GCM-SHA256')
    call = scene.call(caller, callee, transport=connection)
    call.set_up()
    call.talk(3.0)
    call.hang_up()
