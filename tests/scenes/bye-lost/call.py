"""The BYE is never seen and the network stays alive for hours: the call ends where its sound
did."""


def play(scene):
    call = scene.call(*scene.pair())
    call.set_up()
    call.talk(3.0)
    for _ in range(30):
        scene.wait(300)
        scene.udp(('192.0.2.77', 5060), ('198.51.100.77', 5060), b'\r\n\r\n')
