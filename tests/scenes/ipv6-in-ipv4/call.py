"""A call over IPv6 that crosses an IPv4 network (6in4)."""

import net
import scene as stage


def make():
    def frame(packet):
        return net.mirrored(net.in_ip(net.IPV6, packet))
    return stage.Scene(link=(1, frame))


def play(scene):
    ann = scene.phone('+31201234567', '2001:db8::10')
    bob = scene.phone('+31207654321', '2001:db8:1::20')
    call = scene.call(ann, bob)
    call.set_up()
    call.talk(2.0)
    call.hang_up()
