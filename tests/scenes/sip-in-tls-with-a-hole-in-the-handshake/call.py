"""A piece of the certificates was not captured, in TLS 1.3 and in TLS 1.2: calls are read all the
same."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    for number, version in enumerate((tls.V1_3, tls.V1_2)):
        connection = tls.Tls(scene, caller, callee, version=version, client_port=50_600 + number,
                             pieces=lambda sealed: [sealed[:600], sealed[600:700], sealed[700:]],
                             order=lambda segments: segments[:1] + segments[2:])
        connection.pieces = lambda sealed: [sealed]
        connection.order = lambda segments: segments
        scene.wait(10)
        call = scene.call(caller, callee, transport=connection)
        call.set_up()
        call.talk(3.0)
        call.hang_up()
        scene.wait(10)
