"""A file of no bytes is no capture."""


def play(scene):
    scene.raw = b''
