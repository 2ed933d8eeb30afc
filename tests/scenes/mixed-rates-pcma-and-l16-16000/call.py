"""One side speaks at 8,000 samples a second, the other at 16,000: one file, each side's own
samples in it."""

import sound


def play(scene):
    call = scene.call(*scene.pair(), codecs=[sound.PCMA, sound.l16(16000)])
    call.b.codec = sound.l16(16000)
    call.set_up()
    call.talk(3.0)
    call.hang_up()
