"""The mirror sends IP in IP."""

import net
import scene as stage


def make():
    def frame(packet):
        return net.mirrored(net.in_ip(net.IPV4, packet))
    return stage.Scene(link=(1, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
