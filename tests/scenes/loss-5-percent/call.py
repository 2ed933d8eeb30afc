"""One packet in twenty is lost, some in a row: silence of the right length."""

import random


def play(scene):
    call = scene.call(*scene.pair())
    for leg in (call.a, call.b):
        chance = random.Random(leg.tag)
        leg.fate = lambda index, chance=chance: () if chance.random() < 0.05 else (0,)
    call.set_up()
    call.talk(10.0)
    call.hang_up()
