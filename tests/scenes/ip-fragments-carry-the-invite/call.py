"""A big INVITE travels as fragments, the last one first."""


def play(scene):
    call = scene.call(*scene.pair(),
                      headers=[('User-Agent', 'An agent with much to say ' + 60 * 'and more ')])
    call.fragment_bytes = 320
    call.set_up()
    call.fragment_bytes = 0
    call.talk(3.0)
    call.hang_up()
