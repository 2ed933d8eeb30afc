"""A telephone's folder, made here: real encoders, real sidecars, broken files, doubles, archives.

Each sound is another tone, so that each is another recording; what is meant to be the same is the
same tone in the same form.
"""

import json
import os
import pathlib
import shutil
import struct
import subprocess
import tarfile
import time
import wave
import math
import zipfile

RECORDINGS = 'recordings'  # how many there are to be, told by make()


def ffmpeg(*words):
    subprocess.run(['ffmpeg', '-loglevel', 'error', '-y', *map(str, words)], check=True,
                   stdin=subprocess.DEVNULL)


def tone(path, hertz, seconds=1.0, rate=16000):
    """A WAV file of one channel."""
    with wave.open(str(path), 'wb') as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(b''.join(
            struct.pack('<h', int(9000 * math.sin(2 * math.pi * hertz * i / rate)))
            for i in range(int(seconds * rate))))


def stamp(i, how):
    return time.strftime(how, time.gmtime(1_700_000_000 + 3_601 * i))


def bcr(folder, i, form, direction):
    """BCR's name, its sidecar, and the sound."""
    stem = stamp(i, '%Y%m%d_%H%M%S.000+0000') + f'_{direction}_+3120555{i:04}_Oma'
    (folder / (stem + '.json')).write_text(json.dumps({
        'timestamp_unix_ms': (1_700_000_000 + 3_601 * i) * 1000,
        'timestamp': stamp(i, '%Y-%m-%dT%H:%M:%S+00:00'), 'direction': direction, 'sim_slot': None,
        'calls': [{'phone_number': f'+3120555{i:04}', 'contact_name': 'Oma'}],
        'output': {'format': {'type': 'OGG/Opus', 'mime_type_container': 'audio/ogg'}}}))
    return folder / (stem + form)


def make(folder, files=300):
    """So many files in all; how many recordings they are, and how many are no sound."""
    folder = pathlib.Path(folder)
    calls = folder / 'Recordings' / 'Call'
    calls.mkdir(parents=True)
    (folder / 'BCR').mkdir()
    base = folder / 'tone.wav'
    forms = ['.m4a', '.oga', '.mp3', '.amr', '.flac', '.wav', '.3gp']
    encoders = {'.m4a': ['-c:a', 'aac'], '.oga': ['-c:a', 'libopus'], '.mp3': ['-c:a', 'libmp3lame'],
                '.flac': [], '.wav': [], '.3gp': ['-c:a', 'aac', '-ar', '8000']}
    recordings = 0
    made = 0
    i = 0
    while made < files - 20:
        form = forms[i % len(forms)]
        tone(base, 200 + 3 * i)
        if i % 3 == 0:
            path = bcr(folder / 'BCR', i, form, 'in' if i % 2 else 'out')
            made += 1
        else:
            path = calls / f'Call recording Jan_{stamp(i, "%y%m%d_%H%M%S")}{form}'
        if form == '.amr':
            subprocess.run(['sox', str(base), '-r', '8000', '-t', 'amr-nb', str(path)], check=True)
        else:
            ffmpeg('-i', base, *encoders[form], path)
        recordings += 1
        made += 1
        i += 1
    base.unlink()
    some = sorted(calls.iterdir())
    # Doubles: the same bytes under other names, and the same sound in another wrapping.
    for n, path in enumerate(some[:5]):
        shutil.copy(path, calls / f'copy {n}{path.suffix}')
    m4a = next(path for path in some if path.suffix == '.m4a')
    ffmpeg('-i', m4a, '-c', 'copy', '-metadata', 'title=Oma', calls / 'tagged.m4a')
    flac = next(path for path in some if path.suffix == '.flac')
    ffmpeg('-i', flac, calls / 'as a wav.wav')
    # Broken: cut off, and no more than a head.
    (calls / 'cut off.m4a').write_bytes(some[-1].read_bytes()[:700])
    (calls / 'head.amr').write_bytes(b'#!AMR\n')
    recordings += 2
    # Recorded until the battery was empty: no page of it says that it is the last.
    tone(base, 3200)
    ffmpeg('-i', base, '-c:a', 'libopus', calls / 'no end.oga')
    base.unlink()
    whole = (calls / 'no end.oga').read_bytes()
    (calls / 'no end.oga').write_bytes(whole[:whole.rindex(b'OggS')])
    recordings += 1
    # No sound at all.
    (calls / 'notes.txt').write_text('nothing to hear\n')
    (calls / 'empty.m4a').write_bytes(b'')
    (calls / 'photo.jpg').write_bytes(b'\xff\xd8\xff\xe0' + bytes(500))
    # A zip in a zip, and a tar.
    tone(base, 3000)
    inner = folder / 'inner.zip'
    with zipfile.ZipFile(inner, 'w') as out:
        out.write(base, 'old phone/+31205559999-0-1600000000000.wav')
        out.write(m4a, 'old phone/again.m4a')
    with zipfile.ZipFile(folder / 'backup.zip', 'w') as out:
        out.write(inner, 'inner.zip')
    inner.unlink()
    tone(base, 3100)
    with tarfile.open(folder / 'tape.tar.gz', 'w:gz') as out:
        out.add(base, 'tape/voicemail.wav')
    base.unlink()
    recordings += 2
    return recordings, 3


def hostile(folder):
    """What nobody means well by: each gives a sentence or a recording that cannot be heard."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # A little zip that is a gigabyte.
    with zipfile.ZipFile(folder / 'bomb.zip', 'w', zipfile.ZIP_DEFLATED) as out:
        with out.open('zeros.wav', 'w', force_zip64=True) as hole:
            for _ in range(1024):
                hole.write(bytes(1024 * 1024))
    # Paths that lead out.
    with zipfile.ZipFile(folder / 'slip.zip', 'w') as out:
        out.writestr('../../../escaped.amr', b'#!AMR\nxx')
        out.writestr('/tmp/escaped-too.amr', b'#!AMR\nyy')
    # Zips in zips in zips in zips in zips in zips.
    data = b'#!AMR\nzz'
    name = 'deep.amr'
    for _ in range(7):
        path = folder / 'deep.zip'
        with zipfile.ZipFile(path, 'w') as out:
            out.writestr(name, data)
        data, name = path.read_bytes(), 'deep.zip'
    (folder / ('x' * 250 + '.amr')).write_bytes(b'#!AMR\n' + bytes(2000))
    (folder / 'e\u0301e\u0301n.amr').write_bytes(b'#!AMR\n' + bytes(1000))
    (folder / ('a' * 60 + '(' * 90 + '@' * 90 + '.m4a')).write_bytes(b'\0\0\0\x20ftypM4A ' + bytes(500))
    # An MP4 whose boxes say that they are larger than all there is, and one that nests for ever.
    (folder / 'huge box.m4a').write_bytes(b'\0\0\0\x18ftypM4A ' + bytes(12) +
                                          b'\0\0\0\1moov' + b'\xff' * 8 + bytes(300))
    nest = b''
    for _ in range(300):
        nest = struct.pack('>I', len(nest) + 8) + b'moov' + nest
    (folder / 'nest.m4a').write_bytes(b'\0\0\0\x18ftypM4A ' + bytes(12) + nest)
    # A WAV that wants 65,535 channels of four gigabytes.
    (folder / 'many channels.wav').write_bytes(
        b'RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\xff\xff\xff\xff\xff\x7f\0\0\0\0\xff\xff\x10\0'
        b'data\xff\xff\xff\xff' + os.urandom(4000))
    for n in range(40):
        (folder / f'noise {n}.{["m4a", "mp3", "ogg", "wma"][n % 4]}').write_bytes(
            [b'\0\0\0\x20ftypM4A ', b'ID3\x04\0\0\0\0\0\x10', b'OggS\0\2',
             b'\x30\x26\xb2\x75\x8e\x66\xcf\x11'][n % 4] + os.urandom(3000))
