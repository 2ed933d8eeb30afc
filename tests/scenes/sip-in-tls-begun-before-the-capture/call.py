"""A call in a TLS connection whose hellos were not captured cannot be read: its media are heard, and
the summary says why. The next connection is read."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    for port in (50_600, 50_601):
        connection = tls.Tls(scene, caller, callee, client_port=port)
        if port == 50_600:
            scene.forget_the_past()
        call = scene.call(caller, callee, transport=connection)
        call.set_up()
        call.talk(3.0)
        call.hang_up()
        scene.wait(200)
