"""The phones agree on a key between themselves (RFC 6189) and say nothing of it in SIP: the
recording says encrypted, and no noise is passed off as speech."""

import struct

import sound


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    for leg in (call.a, call.b):
        hello = struct.pack('!HH', 0x505a, 22) + b'Hello   1.10' + bytes(72)
        packet = struct.pack('!BBH4sI', 0x10, 0, 1, b'ZRTP', leg.ssrc) + hello + bytes(4)
        for _ in range(3):
            scene.udp(leg.media, leg.other().media, packet)
            scene.wait(0.05)
        leg.codec = sound.encrypted(sound.PCMA, leg.tag)
    call.talk(3.0)
    call.hang_up()
