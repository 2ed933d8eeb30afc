"""A capture agent sends a call over IPv6 as HEP3."""

import net
import scene as stage


def make():
    def frame(packet):
        return net.mirrored(net.hep(packet, 1_000_000_000))
    return stage.Scene(link=(1, frame))


def play(scene):
    ann = scene.phone('+31201234567', '2001:db8::10')
    bob = scene.phone('+31207654321', '2001:db8:1::20')
    call = scene.call(ann, bob)
    call.set_up()
    call.talk(2.0)
    call.hang_up()
