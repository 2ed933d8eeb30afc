"""The signalling is seen, the beginning of the media is not: the numbers went round three times
before, and no packet says so."""

import srtp


def play(scene):
    call = scene.call(*scene.pair())
    srtp.secure(call, 'AES_CM_128_HMAC_SHA1_80', rollovers=3)
    call.set_up()
    call.talk(2.0)
    call.hang_up()
