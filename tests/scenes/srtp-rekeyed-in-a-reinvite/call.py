"""A re-INVITE brings new keys for both, once of another suite: the same streams go on with
them."""

import srtp


def play(scene):
    call = scene.call(*scene.pair())
    srtp.secure(call, 'AES_CM_128_HMAC_SHA1_80')
    call.set_up()
    call.talk(3.0)
    srtp.secure(call, 'AES_CM_128_HMAC_SHA1_80', name=' again')
    call.change(call.a)
    call.talk(1.0)
    srtp.secure(call, 'AEAD_AES_256_GCM')
    call.change(call.b)
    call.talk(1.0)
    call.hang_up()
