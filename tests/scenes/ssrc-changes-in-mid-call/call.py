"""The called party's stream starts anew with another SSRC, sequence and time base: one track all
the same."""


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.b.new_stream('another')
    call.talk(2.0)
    call.hang_up()
