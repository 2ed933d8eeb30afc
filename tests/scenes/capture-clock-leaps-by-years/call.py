"""The capturing machine's clock leaps 14 years ahead in mid-call and later back again. The call
is as long as it was."""

import scene as stage

YEARS = 14 * 365 * 86_400 * stage.SECOND


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    ahead = scene.now - stage.ns(0.0005)
    call.talk(1.0)
    back = scene.now - stage.ns(0.0005)
    call.talk(2.0)
    call.hang_up()
    scene.clock = lambda at: at + (YEARS if ahead <= at < back else 0)
