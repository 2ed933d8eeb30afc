#!/usr/bin/env python3
"""Calls that SIPp sends to `naklank serve`; what is said in them is sent beside it, to the ports
that SIPp was answered.

    sipp_calls.py --naklank PROGRAM --work FOLDER [SCENARIO...]
"""

import pathlib
import socket
import subprocess
import sys
import time

from evidence import expect, expect_equal
from recording_client import FRAME_S, Failed, Line, speak
from stage import ANNA, BERT, CEES, Stage, arguments, number_of, run, voices

FOLDER = pathlib.Path(__file__).parent / 'sipp'
SECOND = int(1 / FRAME_S)
A, B, C = map(number_of, (ANNA, BERT, CEES))


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Call:
    """One SIPp with a scenario of ours; it tells in files what phase it is in."""

    def __init__(self, stage, work, scenario):
        self.stage, self.work = stage, work / scenario
        self.work.mkdir()
        self.lines = [Line(label, '127.0.0.1') for label in ('1', '2')]
        self.call_id = f'{scenario}@sipp'
        host, port = stage.recorder.address('udp')
        self.process = subprocess.Popen(
            ['sipp', '-sf', FOLDER / f'{scenario}.xml', '-m', '1', '-nostdin', '-timeout', '40',
             '-i', '127.0.0.1', '-p', str(free_port()), '-cid_str', f'{scenario}@sipp',
             '-key', 'port1', str(self.lines[0].port), '-key', 'port2', str(self.lines[1].port),
             '-key', 'work', self.work, '-trace_err', '-error_file', self.work / 'errors',
             f'{host}:{port}'],
            cwd=self.work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait_for(self, phase):
        """Until SIPp is there; where its lines are to send to, it may say."""
        file, until = self.work / phase, time.monotonic() + 20
        while not (file.exists() and (phase != 'ready' or file.read_text().endswith('\n'))):
            if time.monotonic() > until or self.process.poll() is not None:
                raise Failed(f'SIPp never said {phase}: {self.errors()}')
            time.sleep(0.01)
        time.sleep(0.05)  # what it says may not be written yet
        for line, port in zip(self.lines, file.read_text().split()):
            line.to = ('127.0.0.1', int(port))

    def errors(self):
        file = self.work / 'errors'
        return file.read_text() if file.exists() else f'exit code {self.process.poll()}'

    def end(self):
        expect_equal(self.process.wait(40), 0, f"SIPp's exit code ({self.errors()})")
        got = self.stage.sealed(self.call_id)
        expect_equal((got.shown['ending'], got.oddities), ('bye', []), 'ending and oddities')
        return got


def a_plain_call(stage, work):
    call, (a, b) = Call(stage, work, 'plain-call'), voices(2)
    one, two = call.lines
    call.wait_for('ready')
    speak([(one, a), (two, b)], SECOND)
    got = call.end()
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames)])
    got.expect_parties(('caller', A, 'Anna'), ('callee', B, 'Bert'))


def a_call_that_is_held(stage, work):
    call, (a, b) = Call(stage, work, 'hold-and-resume'), voices(2)
    one, two = call.lines
    call.wait_for('ready')
    speak([(one, a), (two, b)], SECOND)
    call.wait_for('again')
    for line in call.lines:
        line.pause(2 * SECOND)
    speak([(one, a), (two, b)], SECOND, start=3 * SECOND)
    got = call.end()
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames)])
    expect([e['what'] for e in got.shown['events']].count('held') == 2, got.shown['events'])
    for label, number in (('1', A), ('2', B)):
        (cause, begin, end), = got.gaps(label, number)
        expect_equal((cause, end - begin), ('hold', 2000), 'the gap')


def a_stream_that_is_added(stage, work):
    call, (a, b) = Call(stage, work, 'a-stream-is-added'), voices(2)
    one, two = call.lines
    call.wait_for('ready')
    speak([(one, a)], SECOND)
    call.wait_for('again')
    one.pause(SECOND)
    speak([(one, a), (two, b)], SECOND, start=2 * SECOND)
    got = call.end()
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames)])
    got.expect_parties(('caller', A, 'Anna'), ('callee', B, 'Bert'))


def another_speaker_by_update(stage, work):
    call, (a, b, c) = Call(stage, work, 'another-speaker-by-update'), voices(3)
    one, two = call.lines
    call.wait_for('ready')
    speak([(one, a), (two, b)], SECOND)
    call.wait_for('again')
    first = len(two.frames)
    for line in call.lines:
        line.pause(SECOND)
    speak([(one, a), (two, c)], SECOND, start=2 * SECOND)
    got = call.end()
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames[:first]),
                      ('2', C, two.frames[first:])])


SCENARIOS = (a_plain_call, a_call_that_is_held, a_stream_that_is_added, another_speaker_by_update)


def main():
    naklank, work, only = arguments('sipp')
    with Stage(naklank, work / 'archive') as stage:
        all_held = run([(f, (stage, work)) for f in SCENARIOS], only)
        stage.close()
    return 0 if all_held else 1


if __name__ == '__main__':
    sys.exit(main())
