"""The caller's phone sends no packets while its owner is silent, but says so first (RFC 3389):
that is silence, not loss."""

import sound


def play(scene):
    call = scene.call(*scene.pair(), codecs=[sound.PCMA, sound.COMFORT_NOISE])
    call.set_up()
    call.talk(1.5)
    call.a.comfort_noise()
    scene.wait(0.02)
    call.talk(2.0, who=(call.b,))
    call.talk(1.5)
    call.hang_up()
