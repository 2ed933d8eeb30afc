#!/usr/bin/env python3
"""One conversation, two doors: what a recording client sends is recorded by `naklank serve`, and by
`naklank record` from the same wire. Outside declared gaps both have the same samples.

    two_doors.py --naklank PROGRAM --work FOLDER

Needs root, to see the wire.
"""

import array
import os
import signal
import subprocess
import sys
import time

import evidence
from evidence import expect, expect_equal
from recording_client import FRAME_S, FRAME_SAMPLES, Failed, speak
from stage import ANNA, BERT, CANNOT_RUN, Stage, Talk, arguments, number_of, run, voices

SECOND = int(1 / FRAME_S)
MEDIA = '27000-27099'


class Tap:
    """`naklank record` on the loopback, of the recorder's ports alone."""

    def __init__(self, naklank, archive, sip_port):
        self.archive = archive
        first, last = MEDIA.split('-')
        self.process = subprocess.Popen(
            [naklank, 'record', '--interface', 'lo', '--basis', 'own-line', '--json', '--archive',
             archive, '--filter', f'udp and (port {sip_port} or portrange {first}-{last})'],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(1)  # until it sees the wire
        if self.process.poll() is not None:
            raise Failed('the tap did not start: ' + self.process.stderr.read())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        expect_equal(self.process.wait(30), 0, "the tap's exit code")


def sound_of(recording, track):
    """The samples from its first sound to its last, and the gaps between, in samples."""
    samples = recording.samples(track)
    rate = evidence.RATE_HZ // 1000
    begin = round(track['sound_from_ms'] * rate)
    # Times are told in whole milliseconds, and a side may begin between two: its first sample counts.
    begin += next((i for i, sample in enumerate(samples[begin:begin + rate]) if sample), 0)
    gaps = [(round(g['from_ms'] * rate) - begin, round(g['to_ms'] * rate) - begin)
            for g in track['gaps'] if g['cause'] not in ('not-begun', 'ended')]
    return samples[begin:round(track['sound_to_ms'] * rate)], gaps


def without(samples, gaps):
    kept = array.array('h', samples)
    for begin, end in gaps:
        # Times are told in whole milliseconds: a frame on either side may be meant.
        begin, end = max(begin - FRAME_SAMPLES, 0), min(end + FRAME_SAMPLES, len(kept))
        kept[begin:end] = array.array('h', bytes(2 * (end - begin)))
    return kept


def both_doors_have_the_same_samples(naklank, work):
    with Stage(naklank, work / 'siprec', ports=MEDIA) as stage:
        tap = Tap(naklank, work / 'tap', stage.recorder.address('udp')[1])
        talk, (a, b) = Talk(), voices(2)
        client = stage.call(talk, ANNA, BERT)
        one, two = client.lines
        speak([(one, a), (two, b)], 2 * SECOND)
        one.skip(7)  # lost on the way, for both
        speak([(one, a), (two, b)], SECOND, start=200)
        for line in client.lines:
            line.pause(SECOND)  # nobody says anything
        time.sleep(1)
        speak([(one, a), (two, b)], 2 * SECOND, start=400)
        by_siprec = stage.hang_up(client)
        time.sleep(1)
        tap.stop()
        stage.close(recordings=1)
    by_tap = evidence.find(naklank, work / 'tap', client.call_id)
    for label, person in (('1', ANNA), ('2', BERT)):
        track = by_siprec.track(label, number_of(person))
        other = next(t for t in by_tap.tracks if t['label'] == label)
        ours, our_gaps = sound_of(by_siprec, track)
        theirs, their_gaps = sound_of(by_tap, other)
        expect(abs(len(ours) - len(theirs)) <= FRAME_SAMPLES,
               f'line {label}: {len(ours)} and {len(theirs)} samples')
        expect_equal(track['packets']['lost'], other['packets']['lost'], 'lost packets')
        gaps = our_gaps + their_gaps
        length = min(len(ours), len(theirs))
        expect(without(ours[:length], gaps) == without(theirs[:length], gaps),
               f'line {label}: the samples differ')
        expect(sum(map(bool, ours)) > 4 * evidence.RATE_HZ, f'line {label} is mostly silence')


if __name__ == '__main__':
    program, folder, only = arguments()
    if os.geteuid() != 0:
        print('Seeing the wire needs root. Skipped.')
        sys.exit(CANNOT_RUN)
    sys.exit(not run([(both_doors_have_the_same_samples, (program, folder))], only))
