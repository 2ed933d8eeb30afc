"""A call that lasts for six hours: now and then somebody says something, and with comfort noise the
senders say that they go quiet in between, for up to an hour and a half. The numbers go on, and the
time stamps come around (2^32 / 8000 Hz is six days, but these begin just before their end)."""

import sound

MINUTE = 60


def play(scene):
    call = scene.call(*scene.pair(), codecs=[sound.PCMA, sound.COMFORT_NOISE])
    call.set_up()
    for leg in (call.a, call.b):
        leg.timestamp = (1 << 32) - 8000 * 60 * MINUTE
    for minutes in (10, 20, 45, 90, 60, 90, 45):
        call.talk(1.0)
        call.a.comfort_noise()
        call.b.comfort_noise()
        scene.wait(minutes * MINUTE)
    call.talk(1.0)
    call.hang_up()
