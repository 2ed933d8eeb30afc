"""The caller presses 4, 2 and # (RFC 4733); while a key is held there is no other sound."""

import sound


def play(scene):
    call = scene.call(*scene.pair(), codecs=[sound.PCMA, sound.TELEPHONE_EVENT])
    call.set_up()
    call.talk(1.0)
    for key, seconds in (('4', 0.1), ('2', 0.16), ('#', 0.3)):
        call.a.press(key, seconds)
        call.talk(0.5)
    call.hang_up()
