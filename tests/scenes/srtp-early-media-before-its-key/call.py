"""Several suites are offered; the called side plays an announcement before it answers, with a
key that only its answer tells."""

import srtp


def play(scene):
    call = scene.call(*scene.pair())
    srtp.secure(call, 'AEAD_AES_128_GCM', tag=2)
    others = [srtp.Sender(suite, 'offered', tag=tag).line() for tag, suite in (
        (1, 'AEAD_AES_256_GCM'), (3, 'AES_CM_128_HMAC_SHA1_80'))]
    call.a.sdp_lines = (others[0], call.a.srtp.line(), others[1])
    call.invite()
    call.trying()
    call.ring(0.2)
    call.talk(1.5, who=(call.b,))
    call.answer()
    call.talk(2.0)
    call.hang_up()
