#!/usr/bin/env python3
"""How `naklank serve` begins and ends, how it refuses, and what is left when it or its client is
killed.

    ends.py --naklank PROGRAM --work FOLDER [SCENARIO...]
"""

import re
import signal
import subprocess
import sys
import time

import evidence
from evidence import expect, expect_equal
from recording_client import FRAME_S, speak
from stage import ANNA, BERT, CEES, Stage, Talk, arguments, number_of, on, run, voices

SECOND = int(1 / FRAME_S)
A, B, C = map(number_of, (ANNA, BERT, CEES))
LOST_MAX_S = 1.0  # of a call that runs when the recorder is killed


def try_to_call(stage):
    """The answer to a new call: its status and its head."""
    client = stage.client()
    bodies = [('application/sdp', client.offer(['1'])),
              ('application/rs-metadata+xml', Talk().metadata(on('1', ANNA)))]
    status, head, _ = client.transact('INVITE', bodies)
    client.send(client.request('ACK', cseq=client.cseq))
    return status, head


def a_full_recorder_sends_the_client_to_another(naklank, work):
    with Stage(naklank, work / 'full', '--calls-max', 1) as full, \
         Stage(naklank, work / 'other') as other:
        running = full.call(Talk(), ANNA, BERT)
        status, head = try_to_call(full)
        expect_equal(status, 503, 'the answer when it is full')
        expect(re.search(r'(?m)^Retry-After: \d+\r?$', head), f'no Retry-After in {head}')
        elsewhere = other.call(Talk(), ANNA, CEES)
        said = voices(3)
        speak([(running.lines[0], said[0]), (running.lines[1], said[1]),
               (elsewhere.lines[0], said[0]), (elsewhere.lines[1], said[2])], SECOND)
        for stage, client, number in ((full, running, B), (other, elsewhere, C)):
            stage.hang_up(client).expect_sound([('1', A, client.lines[0].frames),
                                                ('2', number, client.lines[1].frames)])
        expect_equal(full.client().transact('OPTIONS')[0], 200, 'the answer to OPTIONS')
        again = full.call(Talk(), ANNA)  # there is room again
        full.hang_up(again)
        full.close(recordings=2)
        other.close(recordings=1)


def who_is_not_allowed_is_refused(naklank, work):
    with Stage(naklank, work / 'strangers', '--allow', '192.0.2.20,127.0.0.2') as stage:
        expect_equal(try_to_call(stage)[0], 403, 'the answer to a stranger')
        client = stage.call(Talk(), ANNA, host='127.0.0.2')
        stage.hang_up(client)
        stage.close(recordings=1)


def without_a_basis_nothing_begins(naklank, work):
    archive = work / 'no-basis'
    told = subprocess.run([naklank, 'serve', '--archive', archive, '--siprec', 'udp:127.0.0.1:0'],
                          capture_output=True, text=True, timeout=20)
    expect_equal(told.returncode, 2, 'the exit code')
    expect('--basis' in told.stderr, f'it does not say what is missing: {told.stderr}')
    expect(not list(archive.rglob('*.flac')), 'something was recorded')


def on_sigterm_running_calls_go_on_until_they_end(naklank, work):
    with Stage(naklank, work / 'drained', drain_s=20) as stage:
        said, client = voices(2), stage.call(Talk(), ANNA, BERT)
        pairs = [*zip(client.lines, said)]
        speak(pairs, SECOND)
        stage.recorder.process.send_signal(signal.SIGTERM)
        speak(pairs, SECOND, start=SECOND)
        expect_equal(try_to_call(stage)[0], 503, 'the answer to a new call')
        speak(pairs, SECOND, start=2 * SECOND)
        began = time.monotonic()
        got = stage.hang_up(client)
        expect_equal(stage.recorder.process.wait(10), 0, 'the exit code')
        expect(time.monotonic() - began < 10, 'it waits though no call is left')
        got.expect_sound([(str(i + 1), n, client.lines[i].frames) for i, n in enumerate((A, B))])
        expect_equal(got.shown['ending'], 'bye', 'ending')
        stage.close(recordings=1)


def on_sigterm_a_call_that_goes_on_is_ended_by_the_recorder(naklank, work):
    with Stage(naklank, work / 'ended', drain_s=2) as stage:
        said, client = voices(2), stage.call(Talk(), ANNA, BERT)
        speak([*zip(client.lines, said)], SECOND)
        stage.recorder.process.send_signal(signal.SIGTERM)
        speak([*zip(client.lines, said)], SECOND, start=SECOND)
        head, _ = client.receive(10)
        expect(head.startswith('BYE '), f'the recorder says {head}')
        expect(f'Call-ID: {client.call_id}' in head and f'tag={client.remote_tag}' in head, head)
        client.answer(head)
        expect_equal(stage.recorder.stop(), 0, 'the exit code')
        got = stage.sealed(client.call_id)
        got.expect_sound([(str(i + 1), n, client.lines[i].frames) for i, n in enumerate((A, B))])
        expect_equal(got.shown['ending'], 'recorder-stopped', 'ending')
        stage.close(recordings=1)


def what_a_vanished_client_sent_is_kept(naklank, work):
    with Stage(naklank, work / 'vanished', drain_s=0) as stage:
        said, client = voices(2), stage.call(Talk(), ANNA, BERT)
        speak([*zip(client.lines, said)], SECOND)
        for gone in (client, *client.lines):
            gone.socket.close()
        expect_equal(stage.recorder.stop(), 0, 'the exit code')
        got = stage.sealed(client.call_id)
        got.expect_sound([(str(i + 1), n, client.lines[i].frames) for i, n in enumerate((A, B))])
        expect_equal(got.shown['ending'], 'recorder-stopped', 'ending')
        stage.close(recordings=1)


def check_what_was_saved(got, client):
    """Of each speaker all but the last second at most, every packet where it was said."""
    expect_equal(len(got.tracks), 2, 'tracks')
    for line, number in zip(client.lines, (A, B)):
        track = got.track(line.label, number)
        kept = track['packets']['received']
        lost_s = (len(line.frames) - kept) * FRAME_S
        expect(0 <= lost_s <= LOST_MAX_S, f'{lost_s:.2f} s of {number} are lost')
        got.expect_frames(got.samples(track), line.frames[:kept], number)


def a_killed_recorder_goes_on_where_it_was(naklank, work):
    archive, before, after = work / 'killed', Talk(), Talk()
    after.group = before.group
    said = voices(2)
    with Stage(naklank, archive) as stage:
        first = stage.call(before, ANNA, BERT)
        speak([*zip(first.lines, said)], 3 * SECOND)
        stage.recorder.process.send_signal(signal.SIGKILL)
        stage.recorder.process.wait()
    with Stage(naklank, archive) as stage:
        first.to = stage.recorder.address('udp')
        expect_equal(first.invite(first.offer()), 481, 'the answer to a call of before')
        second = stage.call(after, ANNA, BERT)
        speak([*zip(second.lines, said)], SECOND, start=3 * SECOND)
        later = stage.hang_up(second)
        later.expect_sound([(str(i + 1), n, second.lines[i].frames)
                            for i, n in enumerate((A, B))])
        until = time.monotonic() + 20
        while len(evidence.ask(naklank, archive, 'list')) < 2 and time.monotonic() < until:
            time.sleep(0.2)
        saved = evidence.find(naklank, archive, first.call_id)
        check_what_was_saved(saved, first)
        expect_equal(saved.shown['ending'], 'recorder-stopped', 'ending')
        conversation = saved.shown['conversation']
        expect(conversation and conversation['others'] == [later.id],
               f'the two are not one conversation: {conversation}')
        stage.close(recordings=2)


def of_a_recorder_killed_in_a_pause_nothing_that_was_withheld_is_left(naklank, work):
    archive = work / 'killed-in-a-pause'
    with Stage(naklank, archive) as stage:
        said, client = voices(2), stage.call(Talk(), ANNA, BERT)
        speak([*zip(client.lines, said)], SECOND)
        paused = client.offer(extra='a=record:paused\r\n')
        expect_equal(client.invite(paused), 200, 'the answer to the re-INVITE')
        speak([*zip(client.lines, said)], 2 * SECOND, start=SECOND)
        stage.recorder.process.send_signal(signal.SIGKILL)
        stage.recorder.process.wait()
    for line in client.lines:
        for packet in line.frames[SECOND:]:
            expect(not evidence.holds_bytes(archive, packet.voice.payload(packet.frame)),
                   f'frame {packet.frame} is left')
    recovered = evidence.ask(naklank, archive, 'recover')
    expect_equal(len(recovered['recordings']), 1, 'recovered recordings')
    got = evidence.find(naklank, archive, client.call_id)
    for i, number in enumerate((A, B)):
        track = got.track(str(i + 1), number)
        got.expect_frames(got.samples(track), client.lines[i].frames[:SECOND], number)
    expect('recording-paused' in [e['what'] for e in got.shown['events']], got.shown['events'])
    evidence.expect_in_order(naklank, archive)


SCENARIOS = (a_full_recorder_sends_the_client_to_another, who_is_not_allowed_is_refused,
             without_a_basis_nothing_begins, on_sigterm_running_calls_go_on_until_they_end,
             on_sigterm_a_call_that_goes_on_is_ended_by_the_recorder,
             what_a_vanished_client_sent_is_kept, a_killed_recorder_goes_on_where_it_was,
             of_a_recorder_killed_in_a_pause_nothing_that_was_withheld_is_left)


def main():
    naklank, work, only = arguments()
    return 0 if run([(f, (naklank, work)) for f in SCENARIOS], only) else 1


if __name__ == '__main__':
    sys.exit(main())
