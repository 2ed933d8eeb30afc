"""Both sides encrypt with AES_CM_128_HMAC_SHA1_80, the keys in their descriptions (RFC 4568)."""

import srtp


def play(scene):
    call = scene.call(*scene.pair())
    srtp.secure(call, 'AES_CM_128_HMAC_SHA1_80')
    call.a.extension = bytes.fromhex('10ab0000')
    call.set_up()
    call.talk(3.0)
    call.hang_up()
