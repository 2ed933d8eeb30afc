"""The description announces DTLS-SRTP (RFC 5763): nothing can be heard, nothing is made up."""

import sound


def play(scene):
    call = scene.call(*scene.pair())
    for leg in (call.a, call.b):
        leg.protocol = 'UDP/TLS/RTP/SAVPF'
        leg.sdp_lines = ('a=fingerprint:sha-256 ' + ':'.join(['5A'] * 32),
                         'a=setup:' + ('actpass' if leg is call.a else 'active'))
        leg.codec = sound.encrypted(sound.PCMA, leg.tag)
    call.set_up()
    hello = b'\x16\xfe\xfd' + bytes(8) + b'\0\x40\x01' + bytes(63)
    scene.udp(call.b.media, call.a.media, hello)
    scene.wait(0.1)
    call.talk(3.0)
    call.hang_up()
