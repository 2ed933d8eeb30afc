"""Keys are offered with the plain profile and the answer has none: the call is plain."""

import srtp


def play(scene):
    call = scene.call(*scene.pair())
    srtp.secure(call, 'AES_CM_128_HMAC_SHA1_80', protocol='RTP/AVP')
    call.a.srtp = call.b.srtp = None
    call.b.sdp_lines = ()
    call.set_up()
    call.talk(2.0)
    call.hang_up()
