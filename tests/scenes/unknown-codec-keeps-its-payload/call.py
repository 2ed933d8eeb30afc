"""A codec that nobody here can decode: the call is kept, its payload too, and the ledger says
so."""

import sound


def play(scene):
    call = scene.call(*scene.pair(), codecs=[sound.unheard_of()])
    call.set_up()
    call.talk(3.0)
    call.hang_up()
