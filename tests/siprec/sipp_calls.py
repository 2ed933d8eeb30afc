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
from sipp_script import Script
from stage import ANNA, BERT, CEES, DORA, Stage, Talk, arguments, number_of, on, run, voices

FOLDER = pathlib.Path(__file__).parent
SECOND = int(1 / FRAME_S)
SILENCE_S = 3  # without media, then the recorder asks
A, B, C, D = map(number_of, (ANNA, BERT, CEES, DORA))


def free_port(host):
    with socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET,
                       socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def sipp(work, scenario, host, *more):
    return subprocess.Popen(
        ['sipp', '-sf', scenario, '-m', '1', '-nostdin', '-timeout', '90',
         '-i', host, '-trace_err', '-error_file', work / f'{scenario.stem}.errors', *more],
        cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Call:
    """One SIPp with a scenario of ours; it tells in files what phase it is in."""

    def __init__(self, stage, work, name, lines=2):
        self.stage, self.work, self.name, self.talk = stage, work / name, name, Talk()
        self.work.mkdir()
        self.to = stage.recorder.address('udp')
        self.host = '::1' if ':' in self.to[0] else '127.0.0.1'
        self.lines = [Line(str(i + 1), self.host) for i in range(lines)]
        self.script = Script(self.work, self.host, self.lines)
        self.call_id, self.process = f'{name}@sipp', None

    def people(self, *people):
        """Metadata: who speaks on which line."""
        return self.talk.metadata(*(on(str(i + 1), person) for i, person in enumerate(people)))

    def begin(self, to=None):
        """SIPp calls the recorder, or whoever else it is to ask first."""
        self.script.write(self.work / 'call.xml')
        host, port = to or self.to
        self.process = sipp(self.work, self.work / 'call.xml', self.host,
                            '-p', str(free_port(self.host)), '-cid_str', self.call_id,
                            f'[{host}]:{port}' if ':' in host else f'{host}:{port}')
        return self

    def wait_for(self, phase):
        """Until SIPp is there, which says where its lines are to send to."""
        file, until = self.work / phase, time.monotonic() + 60
        while not (file.exists() and file.read_text().endswith('\n')):
            if time.monotonic() > until or self.process.poll() is not None:
                raise Failed(f'SIPp never said {phase}: {self.errors()}')
            time.sleep(0.01)
        for line, port in zip(self.lines, file.read_text().split()):
            line.to = (self.host, int(port))

    def errors(self):
        file = self.work / 'call.errors'
        return file.read_text() if file.exists() else f'exit code {self.process.poll()}'

    def end(self, ending='bye', oddities=()):
        expect_equal(self.process.wait(90), 0, f"SIPp's exit code ({self.errors()})")
        got = self.stage.sealed(self.call_id)
        expect_equal((got.shown['ending'], got.oddities), (ending, [*oddities]),
                     'ending and oddities')
        return got

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def a_plain_call(stage, work, name='plain'):
    a, b = voices(2)
    with Call(stage, work, name) as call:
        one, two = call.lines
        call.script.invite(call.people(ANNA, BERT)).talk('ready').bye()
        call.begin().wait_for('ready')
        speak([(one, a), (two, b)], SECOND)
        got = call.end()
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames)])
    got.expect_parties(('caller', A, 'Anna'), ('callee', B, 'Bert'))


def a_call_over_ipv6(stage, work):
    a_plain_call(stage, work, 'ipv6')


def a_call_that_is_held(stage, work):
    a, b = voices(2)
    with Call(stage, work, 'hold') as call:
        one, two = call.lines
        call.script.invite(call.people(ANNA, BERT)).talk('ready')
        one.direction = two.direction = 'inactive'
        call.script.invite().wait(1000)
        one.direction = two.direction = 'sendonly'
        call.script.invite().talk('again').bye()
        call.begin().wait_for('ready')
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


def blind_transfer_by_an_update_without_an_offer(stage, work):
    a, b, c = voices(3)
    with Call(stage, work, 'blind-transfer') as call:
        one, two = call.lines
        call.script.invite(call.people(ANNA, BERT)).talk('ready')
        call.script.update(call.people(ANNA, CEES)).talk('again').bye()
        call.begin().wait_for('ready')
        speak([(one, a), (two, b)], SECOND)
        call.wait_for('again')
        first = len(two.frames)
        for line in call.lines:
            line.pause(SECOND)
        speak([(one, a), (two, c)], SECOND, start=2 * SECOND)
        got = call.end()
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames[:first]),
                      ('2', C, two.frames[first:])])
    got.expect_parties(('caller', A, 'Anna'), ('callee', B, 'Bert'), ('party-3', C, 'Cees'))


def attended_transfer_as_a_session_of_its_own(stage, work):
    a, b, c = voices(3)
    with Call(stage, work, 'before-transfer') as before, \
            Call(stage, work, 'after-transfer') as after:
        after.talk.group = before.talk.group
        before.script.invite(before.people(ANNA, BERT)).talk('ready').bye()
        after.script.invite(after.people(ANNA, CEES)).talk('ready').bye()
        for call, other in ((before, b), (after, c)):
            call.begin().wait_for('ready')
            speak([(call.lines[0], a), (call.lines[1], other)], SECOND)
            call.end()
    one, two = stage.sealed(before.call_id), stage.sealed(after.call_id)
    for got, other, call, number in ((one, two, before, B), (two, one, after, C)):
        got.expect_sound([('1', A, call.lines[0].frames), ('2', number, call.lines[1].frames)])
        expect_equal(got.shown['conversation'] and got.shown['conversation']['others'], [other.id],
                     'the other one')


def a_conference_of_four(stage, work):
    people, said = (ANNA, BERT, CEES, DORA), voices(4)
    with Call(stage, work, 'conference', lines=4) as call:
        for count in range(1, 5):
            call.script.invite(call.people(*people[:count]), count=count).talk(f'with-{count}')
        call.script.update(call.talk.metadata(mode='partial', extra=(
            f'<participantsessionassoc participant_id="bert" session_id="{call.talk.session}">'
            '<disassociate-time>2026-01-01T00:00:00Z</disassociate-time>'
            '</participantsessionassoc>'))).talk('without-bert').bye()
        call.begin()
        pairs, at = [*zip(call.lines, said)], 0
        for phase, speaking in ((*((f'with-{n}', pairs[:n]) for n in range(1, 5)),
                                 ('without-bert', [pairs[i] for i in (0, 2, 3)]))):
            call.wait_for(phase)
            speak(speaking, SECOND, start=at)
            at += 2 * SECOND
            for line, _ in speaking:
                line.pause(SECOND)
        got = call.end()
    got.expect_sound([(line.label, number, line.frames)
                      for line, number in zip(call.lines, (A, B, C, D))])
    got.expect_parties(('caller', A, 'Anna'), ('callee', B, 'Bert'), ('party-3', C, 'Cees'),
                       ('party-4', D, 'Dora'))
    expect_equal([e['party'] for e in got.shown['events'] if e['what'] == 'left'], ['callee'],
                 'who left')


def recording_that_is_paused(stage, work):
    a, b = voices(2)
    with Call(stage, work, 'pause') as call:
        one, two = call.lines
        call.script.invite(call.people(ANNA, BERT)).talk('ready')
        call.script.invite(extra='a=record:paused\r\n').talk('paused')
        call.script.invite(extra='a=record:on\r\n').talk('again').bye()
        call.begin()
        for at, phase in enumerate(('ready', 'paused', 'again')):
            call.wait_for(phase)
            speak([(one, a), (two, b)], SECOND, start=2 * at * SECOND)
            for line in call.lines:
                line.pause(SECOND)
        got = call.end()
    kept = [line.frames[:SECOND] + line.frames[2 * SECOND:] for line in call.lines]
    got.expect_sound([('1', A, kept[0]), ('2', B, kept[1])], withheld=SECOND)
    for label, number in (('1', A), ('2', B)):
        causes = [cause for cause, _, _ in got.gaps(label, number)]
        expect_equal(causes.count('withheld'), 1, f'gaps that were withheld, of {causes}')


def session_refresh_by_the_client(stage, work):
    a, b = voices(2)
    with Call(stage, work, 'refresh-by-client') as call:
        one, two = call.lines
        call.script.invite(call.people(ANNA, BERT)).refreshed(90, 'uac').talk('ready')
        call.script.invite().refreshed(90, 'uac').talk('again').bye()
        call.begin()
        for at, phase in enumerate(('ready', 'again')):
            call.wait_for(phase)
            speak([(one, a), (two, b)], SECOND, start=2 * at * SECOND)
            for line in call.lines:
                line.pause(SECOND)
        got = call.end()
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames)])


def session_refresh_by_the_recorder(stage, work):
    """Half an interval later, which is no shorter than 90 seconds (RFC 4028 5)."""
    (a,) = voices(1)
    with Call(stage, work, 'refresh-by-recorder', lines=1) as call:
        line, = call.lines
        call.script.invite(call.people(ANNA)).refreshed(90, 'uas').talk('ready')
        call.script.asked('UPDATE').talk('again').bye()
        call.begin().wait_for('ready')
        speak([(line, a)], SECOND)
        began = time.monotonic()
        call.wait_for('again')
        silent_s = time.monotonic() - began
        expect(35 < silent_s < 50, f'the recorder refreshed after {silent_s:.0f} s')
        line.pause(round(silent_s / FRAME_S))
        speak([(line, a)], SECOND, start=SECOND)
        got = call.end(oddities=['one-sided'])
    got.expect_sound([('1', A, line.frames)])


def a_stream_that_is_added(stage, work):
    a, b = voices(2)
    with Call(stage, work, 'stream-added') as call:
        one, two = call.lines
        call.script.invite(call.people(ANNA), count=1).talk('ready')
        call.script.invite(call.people(ANNA, BERT)).talk('again').bye()
        call.begin().wait_for('ready')
        speak([(one, a)], SECOND)
        call.wait_for('again')
        one.pause(SECOND)
        speak([(one, a), (two, b)], SECOND, start=2 * SECOND)
        got = call.end()
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames)])
    got.expect_parties(('caller', A, 'Anna'), ('callee', B, 'Bert'))


def a_goodbye_that_is_lost(stage, work):
    a, b = voices(2)
    with Call(stage, work, 'lost-bye') as call:
        one, two = call.lines
        call.script.invite(call.people(ANNA, BERT)).talk('ready', 1000)
        call.script.asked('OPTIONS', '481 Call/Transaction Does Not Exist')
        call.begin().wait_for('ready')
        speak([(one, a), (two, b)], SECOND)
        got = call.end(ending='timed-out', oddities=['bye-missing'])
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames)])


def a_client_that_is_redirected_to_the_recorder(stage, work):
    a, b = voices(2)
    with Call(stage, work, 'redirect') as call:
        one, two = call.lines
        port = free_port('127.0.0.1')
        server = sipp(call.work, FOLDER / 'redirect.xml', '127.0.0.1', '-p', str(port),
                      '-key', 'elsewhere', '{}:{}'.format(*call.to))
        try:
            call.script.redirected(call.people(ANNA, BERT), call.to)
            call.script.invite(call.people(ANNA, BERT)).talk('ready').bye()
            call.begin(to=('127.0.0.1', port)).wait_for('ready')
            speak([(one, a), (two, b)], SECOND)
            got = call.end()
            expect_equal(server.wait(10), 0, "the redirect server's exit code")
        finally:
            if server.poll() is None:
                server.kill()
                server.wait()
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames)])
    got.expect_parties(('caller', A, 'Anna'), ('callee', B, 'Bert'))


def metadata_in_a_later_invite(stage, work):
    a, b = voices(2)
    with Call(stage, work, 'later-metadata') as call:
        one, two = call.lines
        call.script.invite().talk('ready').invite(call.people(ANNA, BERT)).talk('again').bye()
        call.begin()
        for at, phase in enumerate(('ready', 'again')):
            call.wait_for(phase)
            speak([(one, a), (two, b)], SECOND, start=2 * at * SECOND)
            for line in call.lines:
                line.pause(SECOND)
        got = call.end()
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames)])
    got.expect_parties(('caller', A, 'Anna'), ('callee', B, 'Bert'))


SCENARIOS = (a_plain_call, a_call_that_is_held, blind_transfer_by_an_update_without_an_offer,
             attended_transfer_as_a_session_of_its_own, a_conference_of_four,
             recording_that_is_paused, session_refresh_by_the_client,
             session_refresh_by_the_recorder, a_stream_that_is_added,
             a_client_that_is_redirected_to_the_recorder, metadata_in_a_later_invite)


def main():
    naklank, work, only = arguments('sipp')
    with Stage(naklank, work / 'archive') as stage, \
            Stage(naklank, work / 'archive-6', host='[::1]') as six, \
            Stage(naklank, work / 'archive-silence', '--silence-seconds', SILENCE_S) as impatient:
        all_held = run([*((f, (stage, work)) for f in SCENARIOS), (a_call_over_ipv6, (six, work)),
                        (a_goodbye_that_is_lost, (impatient, work))], only)
        for one in (stage, six, impatient):
            one.close()
    return 0 if all_held else 1


if __name__ == '__main__':
    sys.exit(main())
