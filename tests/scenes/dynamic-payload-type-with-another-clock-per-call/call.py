"""Payload type 97 counts 8,000, then 16,000, then 32,000 a second, as each call's description
says."""

import sound


def play(scene):
    for rate_hz in (8000, 16000, 32000):
        call = scene.call(*scene.pair(), codecs=[sound.l16(rate_hz)])
        call.a.media, call.b.media = ('192.0.2.10', 40_000), ('198.51.100.20', 40_000)
        call.set_up(ring=0.1)
        call.talk(1.5)
        call.hang_up()
        scene.wait(1.0)
