"""An UPDATE (RFC 3311) changes A-law to mu-law in mid-call; the longer part gives the track its
codec."""

import sound


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(1.5)
    for leg in (call.a, call.b):
        leg.codecs, leg.codec = (sound.PCMU,), sound.PCMU
    call.change(call.b, 'UPDATE')
    call.talk(2.5)
    call.hang_up()
