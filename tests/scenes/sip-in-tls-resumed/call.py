"""SIP in a connection that resumes one before it, in TLS 1.3 and in TLS 1.2."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    for number, version in enumerate((tls.V1_3, tls.V1_2)):
        memory = tls.Memory(version)
        first = tls.Tls(scene, caller, callee, memory, client_port=50_600 + number)
        first.remember().close()
        connection = tls.Tls(scene, caller, callee, memory, client_port=50_610 + number)
        assert connection.is_resumed
        call = scene.call(caller, callee, transport=connection)
        call.set_up()
        call.talk(3.0)
        call.hang_up()
        scene.wait(10)
