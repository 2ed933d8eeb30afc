"""Packets come late and twice, the numbers go round, and in mid-call one side has another SSRC."""

import random

import srtp


def play(scene):
    call = scene.call(*scene.pair())
    srtp.secure(call, 'AES_CM_128_HMAC_SHA1_80')
    call.a.sequence = 65_436
    chance = random.Random(3)
    late = {index for index in range(10, 145) if chance.random() < 0.05}
    twice = {index for index in range(10, 145) if chance.random() < 0.1}
    call.a.fate = lambda index: ((0.05 if index in late else 0,) +
                                 ((0.07, 0.09) if index in twice else ()))
    call.set_up()
    call.talk(4.0)
    call.b.new_stream(9)
    call.talk(2.0)
    call.hang_up()
