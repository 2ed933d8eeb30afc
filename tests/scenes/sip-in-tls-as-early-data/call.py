"""The INVITE is early data of a resumed connection (RFC 8446 2.3), and stands in the key log's
CLIENT_EARLY_TRAFFIC_SECRET."""

import tls


def play(scene):
    caller, callee = scene.pair(sip_port=5061)
    memory = tls.Memory(early_bytes=4096)
    tls.Tls(scene, caller, callee, memory, client_port=50_600).remember().close()
    call = scene.call(caller, callee, transport=tls.Noted())
    invite = call.invite()
    call.transport = tls.Tls(scene, caller, callee, memory, early=[invite], client_port=50_610)
    call.trying()
    call.ring()
    call.answer()
    call.talk(3.0)
    call.hang_up()
