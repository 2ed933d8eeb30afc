"""Media that no signalling ever named become a recording too, marked as such."""


def play(scene):
    call = scene.call(*scene.pair())
    call.talk(3.0)
