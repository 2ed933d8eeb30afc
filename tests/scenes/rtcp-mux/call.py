"""RTP and RTCP share a port (RFC 5761): reports are no sound and no lost packets."""


def play(scene):
    call = scene.call(*scene.pair(), rtcp_mux=True)
    call.set_up()
    for _ in range(3):
        call.talk(1.0)
    call.hang_up()
