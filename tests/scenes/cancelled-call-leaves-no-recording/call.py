"""The caller gives up while it rings. Nobody spoke: there is nothing to keep."""


def play(scene):
    call = scene.call(*scene.pair())
    call.invite()
    call.trying()
    call.ring(2.0)
    asker, _, number, branch = call.open_invite
    _, cancel = call.request(asker, 'CANCEL', number=number, branch=branch, to_tag=False)
    scene.wait(0.01)
    call.reply(cancel, 200, 'OK')
    call.refuse(487, 'Request Terminated')
