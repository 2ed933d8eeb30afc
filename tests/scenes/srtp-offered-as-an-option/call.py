"""The profile is the plain one, and both name keys all the same: what many phones call optional
SRTP."""

import srtp


def play(scene):
    call = scene.call(*scene.pair())
    srtp.secure(call, 'AES_CM_128_HMAC_SHA1_80', protocol='RTP/AVP')
    call.set_up()
    call.talk(2.0)
    call.hang_up()
