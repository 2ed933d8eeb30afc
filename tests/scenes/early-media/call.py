"""An announcement is heard before the call is answered (183 with a description): it belongs to
the call."""


def play(scene):
    call = scene.call(*scene.pair())
    call.invite()
    call.trying()
    call.ring(0.2, sdp=True)
    call.talk(1.5, who=(call.b,))
    call.answer()
    call.talk(2.0)
    call.hang_up()
