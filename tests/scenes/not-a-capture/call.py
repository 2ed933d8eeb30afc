"""A file that is something else altogether."""


def play(scene):
    scene.raw = b'Dear reader,\n\nthis is a letter and no capture.\n' * 40
