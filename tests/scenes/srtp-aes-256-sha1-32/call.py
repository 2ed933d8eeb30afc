"""Both sides encrypt with AES_256_CM_HMAC_SHA1_32, the keys in their descriptions (RFC 4568)."""

import srtp


def play(scene):
    call = scene.call(*scene.pair())
    srtp.secure(call, 'AES_256_CM_HMAC_SHA1_32')
    call.set_up()
    call.talk(3.0)
    call.hang_up()
