"""The front desk calls out; both speak; the front desk hangs up."""


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(4.0)
    call.hang_up()
