"""A capture agent sends SIP, RTP and RTCP as HEP3, one way to a port of its own. Its clock is years
behind; the capture's own counts."""

import net
import scene as stage


def make():
    def frame(packet):
        port = 9060 if net.is_from(packet, '192.0.2.10') else 7777
        return net.mirrored(net.hep(packet, 1_000_000_000, port))
    return stage.Scene(link=(1, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
