"""The caller sends with a key that its description does not name: nothing of it can be heard,
all of it is kept, and the recording says so."""

import srtp
import sound


def play(scene):
    call = scene.call(*scene.pair())
    srtp.secure(call, 'AES_CM_128_HMAC_SHA1_80')
    call.a.srtp = srtp.Sender('AES_CM_128_HMAC_SHA1_80', 'never told')
    call.a.codec = sound.PCMA._replace(decode=None)
    call.set_up()
    call.talk(3.0)
    call.hang_up()
