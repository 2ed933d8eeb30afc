#!/usr/bin/env python3
"""Records captures of each codec and compares the track with a reference decoder's samples.

    reference_check.py --naklank PROGRAM --work FOLDER

tshark takes the payloads out of the capture, ffmpeg decodes them. G.722, GSM and G.729 must agree
sample by sample, Opus within 50 dB of the signal (two builds of one decoder may round differently).
The captures are others' and stay where they are ($NK_CORPUS, else ../shared/corpus beside the
project); skipped (77) when they, tshark or ffmpeg are absent.
"""

import argparse
import array
import json
import math
import os
import pathlib
import shutil
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
LIMIT_S = 120
# file, ffmpeg's name of the raw format (None: Opus, which needs a container), sample rate, exact?
CASES = [
    ('wswiki__sip-rtp-g722.pcap', 'g722', 16000, True),
    ('miarec__g722.pcap', 'g722', 16000, True),
    ('wswiki__sip-rtp-gsm.pcap', 'gsm', 8000, True),
    ('wswiki__sip-rtp-g729a.pcap', 'g729', 8000, True),
    ('rtpproxy__c1.a.rtp', 'g729', 8000, True),
    ('wswiki__sip-rtp-opus.pcap', None, 48000, False),
]


def run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, timeout=LIMIT_S)
    if done.returncode != 0:
        raise RuntimeError(f'{command[0]}: {done.stderr.decode()[-300:]}')
    return done.stdout


def payloads_of(capture):
    fields = run('tshark', '-r', capture, '-o', 'rtp.heuristic_rtp:TRUE', '-Y', 'rtp',
                 '-T', 'fields', '-e', 'rtp.seq', '-e', 'rtp.payload').decode().split('\n')
    rows = [line.split('\t') for line in fields if '\t' in line]
    return [bytes.fromhex(payload.replace(':', '')) for _, payload in rows]


def ogg_crc(page):
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04c11db7 if crc & 0x80000000 else crc << 1) & 0xffffffff
    return crc


def ogg_page(packet, number, granule, flags):
    """One packet in one Ogg page (RFC 3533 6), which is wasteful and simple."""
    lacing = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    head = struct.pack('<4sBBqIIIB', b'OggS', 0, flags, granule, 1, number, 0, len(lacing)) + lacing
    crc = ogg_crc(head + packet)
    return head[:22] + struct.pack('<I', crc) + head[26:] + packet


def in_ogg(packets):
    """RFC 7845: a head, tags, and the packets as they are, with nothing to skip."""
    pages = [ogg_page(b'OpusHead' + struct.pack('<BBHIHB', 1, 1, 0, 48000, 0, 0), 0, 0, 2),
             ogg_page(b'OpusTags' + struct.pack('<I', 0) + struct.pack('<I', 0), 1, 0, 0)]
    for i, packet in enumerate(packets):
        pages.append(ogg_page(packet, i + 2, 960 * (i + 1), 4 if i + 1 == len(packets) else 0))
    return b''.join(pages)


def reference(packets, form, rate, work):
    source = work / 'payloads'
    source.write_bytes(in_ogg(packets) if form is None else b''.join(packets))
    options = ['-f', 'ogg'] if form is None else ['-f', form]
    if form is None:
        options += ['-c:a', 'libopus']
    return run('ffmpeg', '-v', 'error', '-y', *options, '-i', source,
               '-f', 's16le', '-ac', 1, '-ar', rate, '-')


def samples_of(raw):
    return array.array('h', raw[:len(raw) // 2 * 2])


def disagreement(ours, theirs, is_exact):
    if is_exact:
        # A raw demuxer may leave out an incomplete last frame; nothing else may differ.
        if not 0 <= len(ours) - len(theirs) <= 640:
            return f'{len(ours)} samples, the reference decoder gives {len(theirs)}'
        first = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), None)
        return None if first is None else (
            f'sample {first} is {ours[first]}, the reference decoder gives {theirs[first]}')
    length = min(len(ours), len(theirs))
    if abs(len(ours) - len(theirs)) > 960:
        return f'{len(ours)} samples, the reference decoder gives {len(theirs)}'
    signal = sum(b * b for b in theirs[:length]) or 1
    noise = sum((a - b) ** 2 for a, b in zip(ours[:length], theirs[:length]))
    if noise and 10 * math.log10(signal / noise) < 50:
        return f'only {10 * math.log10(signal / noise):.1f} dB from the reference decoder'
    return None


def check(naklank, capture, form, rate, is_exact, work):
    archive = work / 'archive'
    shutil.rmtree(archive, ignore_errors=True)
    recordings = json.loads(
        run(naklank, 'record', '--read', capture, '--archive', archive, '--json'))
    if len(recordings) != 1 or len(recordings[0]['tracks']) != 1:
        return 'not one recording with one track'
    track = recordings[0]['tracks'][0]
    ours = run(naklank, 'export', recordings[0]['id'], '--archive', archive,
               '--track', track['track'], '--format', 's16le', '--trim', '-o', '-')
    theirs = reference(payloads_of(capture), form, rate, work)
    return disagreement(samples_of(ours), samples_of(theirs), is_exact)


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--naklank', required=True)
    options.add_argument('--work', required=True, type=pathlib.Path)
    options = options.parse_args()
    corpus = pathlib.Path(os.environ.get('NK_CORPUS') or HERE.parent.parent / 'shared/corpus')
    folder = corpus / 'pcap'
    if not (folder / 'MANIFEST.tsv').exists():
        print(f'The shared captures are not here ({folder}); set NK_CORPUS to their folder. '
              'Skipped.')
        return 77
    for program in ('tshark', 'ffmpeg'):
        if shutil.which(program) is None:
            print(f'{program} is not installed. Skipped.')
            return 77
    options.work.mkdir(parents=True, exist_ok=True)
    wrong = 0
    for name, form, rate, is_exact in CASES:
        said = check(options.naklank, folder / name, form, rate, is_exact, options.work)
        wrong += said is not None
        print(f'{name}: {said or "as the reference decoder has it"}')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
