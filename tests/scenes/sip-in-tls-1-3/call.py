"""SIP in TLS 1.3, read with a key log; a record comes in many segments, the hellos too. The port is
one that says nothing."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    callee = callee._replace(sip_port=15_443)
    connection = tls.Tls(scene, caller, callee, client_port=443,
                         pieces=lambda sealed: [sealed[at:at + 97]
                                                for at in range(0, len(sealed), 97)])
    call = scene.call(caller, callee, transport=connection)
    call.set_up()
    call.talk(3.0)
    call.hang_up()
