"""The mirror sends VXLAN, one way to the port that Linux used before there was a number."""

import net
import scene as stage


def make():
    def frame(packet):
        port = 4789 if net.is_from(packet, '192.0.2.10') else 8472
        return net.mirrored(net.vxlan(net.mirrored(packet), port))
    return stage.Scene(link=(1, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
