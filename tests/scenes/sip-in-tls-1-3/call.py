"""SIP in TLS 1.3, read with a key log; a record comes in many segments."""

import ssl

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    connection = tls.Tls(scene, caller, callee, ssl.TLSVersion.TLSv1_3)
    connection.pieces = lambda sealed: [sealed[at:at + 97] for at in range(0, len(sealed), 97)]
    call = scene.call(caller, callee, transport=connection)
    call.set_up()
    call.talk(3.0)
    call.hang_up()
