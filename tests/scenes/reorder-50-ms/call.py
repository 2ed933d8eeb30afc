"""One packet in twenty comes 50 ms late, after two others: each is heard in its place."""

import random


def play(scene):
    call = scene.call(*scene.pair())
    for leg in (call.a, call.b):
        chance = random.Random(leg.tag)
        late = [index > 9 and chance.random() < 0.05 for index in range(300)]
        leg.fate = lambda index, late=late: (0.05 if late[index] else 0,)
    call.set_up()
    call.talk(6.0)
    scene.wait(0.1)
    call.hang_up()
