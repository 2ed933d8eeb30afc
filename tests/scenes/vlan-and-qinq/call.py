"""One direction is tagged once (802.1Q), the other twice (802.1ad)."""

import net
import scene as stage


def make():
    number, once = net.ethernet((0x8100, 20))
    _, twice = net.ethernet((0x88a8, 100), (0x8100, 21))
    from_caller = bytes((192, 0, 2, 10))

    def frame(packet):
        return once(packet) if packet[12:16] == from_caller else twice(packet)
    return stage.Scene(link=(number, frame))


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(2.0)
    call.hang_up()
