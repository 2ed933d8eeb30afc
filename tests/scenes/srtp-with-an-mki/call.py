"""Each packet carries the index of its key (RFC 3711 3.1): four bytes with one side, one with the
other."""

import srtp


def play(scene):
    call = scene.call(*scene.pair())
    srtp.secure(call, 'AES_CM_128_HMAC_SHA1_80', mki=b'\0\0\1\2')
    call.b.srtp = srtp.Sender('AES_CM_128_HMAC_SHA1_80', 'b', mki=b'\7')
    call.b.sdp_lines = (call.b.srtp.line(),)
    call.set_up()
    call.talk(2.0)
    call.hang_up()
