"""Both sides encrypt with AEAD_AES_128_GCM, the keys in their descriptions (RFC 4568)."""

import srtp


def play(scene):
    call = scene.call(*scene.pair())
    srtp.secure(call, 'AEAD_AES_128_GCM')
    call.a.extension = bytes.fromhex('10ab0000')
    call.set_up()
    call.talk(3.0)
    call.hang_up()
