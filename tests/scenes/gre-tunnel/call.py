"""The mirror sends by GRE: IP with a checksum one way, Ethernet with key and sequence number the
other."""

import net
import scene as stage


def make():
    def frame(packet):
        if net.is_from(packet, '192.0.2.10'):
            return net.mirrored(net.gre(0x0800, packet, with_checksum=True))
        return net.mirrored(net.gre(0x6558, net.mirrored(packet), key=99, sequence=1))
    return stage.Scene(link=(1, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
