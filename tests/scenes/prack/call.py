"""Reliable provisional answers (RFC 3262): 183 with a description, PRACK and its answer, then
early media."""


def play(scene):
    call = scene.call(*scene.pair())
    call.invite(headers=[('Supported', '100rel')])
    call.trying()
    call.reply(call.open_invite, 183, 'Session Progress', call.b.sdp(),
               [('Require', '100rel'), ('RSeq', '776655')])
    scene.wait(0.02)
    call.transaction(call.a, 'PRACK', headers=[('RAck', '776655 1 INVITE')])
    call.talk(1.0, who=(call.b,))
    call.answer(sdp=False)
    call.talk(2.0)
    call.hang_up()
