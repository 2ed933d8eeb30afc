"""A test machine calls five times in a row and sends each time the same: five recordings."""


def play(scene):
    for _ in range(5):
        call = scene.call(*scene.pair())
        for leg, host in ((call.a, '192.0.2.10'), (call.b, '198.51.100.20')):
            leg.media, leg.ssrc, leg.sequence, leg.timestamp = (host, 40_000), 0x12345678, 100, 8000
        call.b.ssrc = 0x87654321
        call.set_up(ring=0.1)
        call.talk(1.5)
        call.hang_up()
        scene.wait(0.7)
