"""SIP in TLS 1.2 whose keys are agreed upon anew within the connection, before the call and in it."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    connection = tls.Tls(scene, caller, callee, version=tls.V1_2, renegotiates=True)
    connection.renegotiate()
    call = scene.call(caller, callee, transport=connection)
    call.set_up()
    connection.renegotiate()
    call.talk(3.0)
    call.hang_up()
