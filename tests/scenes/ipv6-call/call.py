"""The same over IPv6, the INVITE in fragments (RFC 8200 4.5)."""


def play(scene):
    caller = scene.phone('+31201234567', '2001:db8:1::10')
    callee = scene.phone('+31207654321', '2001:db8:2::20')
    call = scene.call(caller, callee)
    call.fragment_bytes = 304
    call.set_up()
    call.fragment_bytes = 0
    call.talk(3.0)
    call.hang_up()
