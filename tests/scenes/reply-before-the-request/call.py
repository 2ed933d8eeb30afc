"""The mirror port hands over the replies before the INVITE they answer."""


def play(scene):
    call = scene.call(*scene.pair())
    call.invite()
    call.trying()
    call.ring(0.3, sdp=True)
    scene.postpone(0, 0.2)
    call.answer()
    call.talk(3.0)
    call.hang_up()
