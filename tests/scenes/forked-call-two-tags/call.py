"""A proxy rings two phones: two early dialogs with tags of their own. The second one answers,
and its media count; the first one is cancelled and leaves nothing."""


def play(scene):
    caller, callee = scene.pair()
    call = scene.call(caller, callee)
    call.invite()
    call.trying()
    call.ring(0.3, sdp=True)
    call.b.tag, call.b.media = 'secondphone', ('203.0.113.77', 31_000)
    call.ring(0.3)
    call.answer()
    call.talk(2.0)
    call.hang_up(by=call.b)
