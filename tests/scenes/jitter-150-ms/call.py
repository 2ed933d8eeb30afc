"""Packets come up to 150 ms late, in their order: the sound is as even as it was sent."""

import random


def play(scene):
    call = scene.call(*scene.pair())
    for leg in (call.a, call.b):
        chance, delays = random.Random(leg.tag), [0.01]
        for _ in range(400):
            delays.append(max(0.15 * chance.random(), delays[-1] - 0.0199))
        leg.fate = lambda index, delays=delays: (delays[index],)
    call.set_up()
    call.talk(6.0)
    call.hang_up()
