"""The file stops in the middle of a packet: the calls before it are kept, and it is said where
it stopped."""


def play(scene):
    first = scene.call(*scene.pair())
    first.set_up()
    first.talk(2.0)
    first.hang_up()
    second = scene.call(*scene.pair())
    second.set_up()
    second.talk(2.0)
    scene.udp(('192.0.2.77', 5060), ('198.51.100.77', 5060), bytes(200))
    scene.cut_bytes = 100
