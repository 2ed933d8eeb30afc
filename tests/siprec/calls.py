#!/usr/bin/env python3
"""Calls that recording clients send to `naklank serve`: every sample of every speaker is in the
recording, under their name, where it was said.

    calls.py --naklank PROGRAM --work FOLDER [SCENARIO...]
"""

import re
import sys
import time

from evidence import expect, expect_equal, holds_bytes, wait_for_bytes
from recording_client import FRAME_S, Line, speak
from stage import (ANNA, BERT, CEES, DORA, TOKEN, Stage, Talk, arguments, number_of, on, post, run,
                   voices)

SECOND = int(1 / FRAME_S)
A, B, C, D = map(number_of, (ANNA, BERT, CEES, DORA))
PARTIES = (('caller', A, 'Anna'), ('callee', B, 'Bert'), ('party-3', C, 'Cees'),
           ('party-4', D, 'Dora'))


def a_plain_call(stage):
    talk, (a, b) = Talk(), voices(2)
    client = stage.call(talk, ANNA, BERT)
    one, two = client.lines
    speak([(one, a), (two, b)], 3 * SECOND)
    got = stage.hang_up(client)
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames)])
    got.expect_parties(*PARTIES[:2])
    got.expect_events(('invited', 'caller'), ('joined', 'caller'), ('joined', 'callee'),
                      ('answered', 'callee'), ('ended', None))
    shown = got.shown
    expect_equal(shown['conversation_keys'], talk.keys, 'conversation keys')
    expect_equal((shown['door'], shown['basis'], shown['ending'], shown['answered'],
                  shown['recording_leg'], shown['conversation'], got.oddities),
                 ('siprec', 'company', 'bye', True, True, None, []), 'the call')
    expect_equal([f['media_type'] for f in shown['files']], ['application/rs-metadata+xml'],
                 'files')
    expect(abs(shown['duration_ms'] - 3000) <= 150, f'it lasts {shown["duration_ms"]} ms')
    expect_equal(got.gaps('1', A) + got.gaps('2', B), [], 'gaps')


def hold_and_resume(stage, before=5 * SECOND // 2):
    talk, (a, b) = Talk(), voices(2)
    client = stage.call(talk, ANNA, BERT)
    one, two = client.lines
    speak([(one, a), (two, b)], before)
    for line in client.lines:
        line.direction = 'inactive'
    expect_equal(client.invite(client.offer()), 200, 'the answer to the hold')
    expect_equal(client.last_answer.count('a=inactive'), 2, 'inactive lines in the answer')
    time.sleep(2)
    for line in client.lines:
        line.direction = 'sendonly'
        line.pause(2 * SECOND)
    expect_equal(client.invite(client.offer()), 200, 'the answer to the resumption')
    expect_equal(client.last_answer.count('a=recvonly'), 2, 'receiving lines in the answer')
    speak([(one, a), (two, b)], SECOND, start=200)
    got = stage.hang_up(client)
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames)])
    for label, number in (('1', A), ('2', B)):
        (cause, begin, end), = got.gaps(label, number)
        expect_equal((cause, end - begin), ('hold', 2000), 'the gap')
    got.expect_events(('invited', 'caller'), ('joined', 'caller'), ('joined', 'callee'),
                      ('answered', 'callee'), ('held', 'caller'), ('held', 'callee'),
                      ('resumed', 'caller'), ('resumed', 'callee'), ('ended', None))


def hold_in_the_first_second(stage):
    hold_and_resume(stage, before=SECOND // 2)


def blind_transfer_by_an_update_without_an_offer(stage):
    talk, (a, b, c) = Talk(), voices(3)
    client = stage.call(talk, ANNA, BERT)
    one, two = client.lines
    speak([(one, a), (two, b)], SECOND)
    speak([(one, a), (two, b)], 1, start=SECOND, pace=False)  # and on his last word she takes over
    status = client.invite(metadata=talk.metadata(on('1', ANNA), on('2', CEES)), method='UPDATE')
    expect_equal((status, client.last_answer), (200, ''), 'the answer to the UPDATE')
    first = len(two.frames)
    speak([(one, a), (two, c)], SECOND, start=SECOND + 1)
    got = stage.hang_up(client)
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames[:first]),
                      ('2', C, two.frames[first:])])
    got.expect_parties(*PARTIES[:3])
    got.expect_events(('invited', 'caller'), ('joined', 'caller'), ('joined', 'callee'),
                      ('answered', 'callee'), ('left', 'callee'), ('joined', 'party-3'),
                      ('ended', None))


def attended_transfer_links_two_recordings(stage):
    before, after, (a, b, c) = Talk(), Talk(), voices(3)
    after.group = before.group
    first = stage.call(before, ANNA, BERT)
    speak([(first.lines[0], a), (first.lines[1], b)], SECOND)
    expect_equal(first.bye(), 200, 'the answer to the BYE')
    second = stage.call(after, ANNA, CEES)
    speak([(second.lines[0], a), (second.lines[1], c)], SECOND, start=SECOND)
    one, two = stage.sealed(first.call_id), stage.hang_up(second)
    one = stage.sealed(first.call_id)  # which knows of the other by now
    for got, client, number in ((one, first, B), (two, second, C)):
        got.expect_sound([('1', A, client.lines[0].frames), ('2', number, client.lines[1].frames)])
        conversation = got.shown['conversation']
        expect(conversation, 'a recording stands alone')
        expect_equal(conversation['others'], [(two if got is one else one).id], 'the other one')
    expect_equal(one.shown['conversation']['id'], two.shown['conversation']['id'], 'conversation')


def a_conference_of_four(stage):
    talk, people, said = Talk(), (ANNA, BERT, CEES, DORA), voices(4)
    client = stage.call(talk, ANNA)
    for count in range(1, 5):
        if count > 1:
            client.add_line(str(count))
            everybody = [on(str(i + 1), p) for i, p in enumerate(people[:count])]
            expect_equal(client.invite(client.offer(), talk.metadata(*everybody)), 200,
                         'the answer to the re-INVITE')
            expect_equal(client.last_answer.count('a=label:'), count, 'labels in the answer')
        speak([*zip(client.lines, said)], SECOND // 2, start=(count - 1) * SECOND // 2)
    left = talk.metadata(mode='partial', extra=(
        f'<participantsessionassoc participant_id="bert" session_id="{talk.session}">'
        '<disassociate-time>2026-01-01T00:00:00Z</disassociate-time></participantsessionassoc>'))
    expect_equal(client.invite(metadata=left, method='UPDATE'), 200, 'the answer to the UPDATE')
    speak([*zip(client.lines, said)], 1, start=2 * SECOND)  # he may not be silent yet
    others = [(line, voice) for i, (line, voice) in enumerate(zip(client.lines, said)) if i != 1]
    speak(others, SECOND // 2, start=2 * SECOND + 1)
    got = stage.hang_up(client)
    got.expect_sound([(line.label, number, line.frames)
                      for line, number in zip(client.lines, (A, B, C, D))])
    got.expect_parties(*PARTIES)
    got.expect_events(('invited', 'caller'), ('joined', 'caller'), ('answered', 'callee'),
                      ('joined', 'callee'), ('joined', 'party-3'), ('joined', 'party-4'),
                      ('left', 'callee'), ('ended', None))


def check_pause(stage, got, client, first, last):
    """What was sent from `first` on until `last` is nowhere; the rest is."""
    one, two = client.lines
    kept = [[*line.frames[:first], *line.frames[last:]] for line in client.lines]
    got.expect_sound([('1', A, kept[0]), ('2', B, kept[1])], withheld=last - first)
    for label, number in (('1', A), ('2', B)):
        (cause, begin, end), = got.gaps(label, number)
        expect_equal((cause, end - begin), ('withheld', (last - first) * 20), 'the gap')
    expect(got.when('recording-resumed') - got.when('recording-paused') > 900, 'no time passed')


def pause(stage, client, a, b, stop, resume):
    """Somebody stops the recording for a second; nothing of it is in the journal meanwhile."""
    one, two = client.lines
    speak([(one, a), (two, b)], SECOND)
    stop()
    first = len(one.frames)
    speak([(one, a), (two, b)], SECOND, start=SECOND)
    speak([(one, a), (two, b)], 1, start=2 * SECOND, pace=False)  # up to the very end of the pause
    resume()
    last = len(one.frames)
    speak([(one, a), (two, b)], 2 * SECOND, start=3 * SECOND)
    journal = stage.archive / '.journal'
    for packet in (one.frames[0], two.frames[first - 1], one.frames[last]):
        expect(wait_for_bytes(journal, packet.voice.payload(packet.frame)),
               f'frame {packet.frame} is not in the journal')
    for line in client.lines:
        for packet in line.frames[first:last]:
            expect(not holds_bytes(journal, packet.voice.payload(packet.frame)),
                   f'frame {packet.frame} is in the journal')
    check_pause(stage, stage.hang_up(client), client, first, last)


def paused_by_the_client(stage):
    client = stage.call(Talk(), ANNA, BERT)

    def record(state):
        expect_equal(client.invite(client.offer(extra=f'a=record:{state}\r\n')), 200,
                     'the answer to the re-INVITE')
    pause(stage, client, *voices(2), lambda: record('paused'), lambda: record('on'))


def paused_over_http(stage):
    client = stage.call(Talk(), ANNA, BERT)
    http = stage.recorder.address('http')
    stage.recorder.wait_for_line(' call ', client.call_id)
    expect_equal(post(http, '/pause', client.call_id, 'Bearer not-the-token-of-this'), 403,
                 'a wrong token')
    expect_equal(post(http, '/pause', 'no-such-call', f'Bearer {TOKEN}'), 404, 'a call not there')

    def say(path):
        expect_equal(post(http, path, client.call_id, f'Bearer {TOKEN}'), 200, path)

    def stop():
        say('/pause')
        recording = client.offer(extra='a=record:on\r\n')  # which is not the client's to decide
        expect_equal(client.invite(recording), 200, 'the answer to the re-INVITE')
    pause(stage, client, *voices(2), stop, lambda: say('/resume'))


def paused_until_the_end(stage):
    client, (a, b) = stage.call(Talk(), ANNA, BERT), voices(2)
    one, two = client.lines
    speak([(one, a), (two, b)], SECOND)
    paused = client.offer(extra='a=record:paused\r\n')
    expect_equal(client.invite(paused), 200, 'the answer to the re-INVITE')
    speak([(one, a), (two, b)], SECOND, start=SECOND)
    got = stage.hang_up(client)
    got.expect_sound([('1', A, one.frames[:SECOND]), ('2', B, two.frames[:SECOND])],
                     withheld=SECOND)
    for line in client.lines:
        for packet in line.frames[SECOND:]:
            expect(not holds_bytes(stage.archive, packet.voice.payload(packet.frame)),
                   f'frame {packet.frame} is in the archive')


def a_stranger_is_not_heard(stage):
    client, (a, nobody) = stage.call(Talk(), ANNA), voices(2)
    line, stranger = client.lines[0], Line('1', '127.0.0.2')
    speak([(line, a)], SECOND // 2)
    stranger.to = line.to
    speak([(line, a), (stranger, nobody)], SECOND // 2, start=SECOND // 2)
    got = stage.hang_up(client)
    got.expect_sound([('1', A, line.frames)])
    expect_equal(got.oddities, ['media-from-a-stranger', 'one-sided'], 'oddities')


def session_timers(stage):
    talk, (a,) = Talk(), voices(1)
    client = stage.client()
    offer, people = client.offer(['1']), talk.metadata(on('1', ANNA))
    bodies = [('application/sdp', offer), ('application/rs-metadata+xml', people)]
    status, head, _ = client.transact('INVITE', bodies,
                                     ['Supported: timer', 'Session-Expires: 60'])
    expect_equal(status, 422, 'the answer to an interval that is too short')
    expect(re.search(r'(?m)^Min-SE: 90\r?$', head), f'no Min-SE in {head}')
    client.send(client.request('ACK', cseq=client.cseq))
    client = stage.client()
    for refresher, method in (('uas', 'INVITE'), ('uac', 'UPDATE'), ('uac', 'INVITE')):
        offer = client.offer(['1'])
        client.version -= 1  # a refresh changes nothing
        status, head, body = client.transact(
            method, [('application/sdp', offer), ('application/rs-metadata+xml', people)],
            ['Supported: timer', f'Session-Expires: 90;refresher={refresher}'])
        expect_equal(status, 200, f'the answer to the {method}')
        expect(re.search(rf'(?m)^Session-Expires: 90;refresher={refresher}\r?$', head),
               f'the refresher is not {refresher} in {head}')
        expect(re.search(r'(?m)^Require: timer\r?$', head), f'no Require: timer in {head}')
        if method == 'INVITE':
            client.remote_tag = re.search(r'(?im)^to:.*;tag=([^;\s]+)', head)[1]
            client.target = re.search(r'(?im)^contact:\s*<([^>]+)>', head)[1]
            client.send(client.request('ACK', cseq=client.cseq))
        client.lines[0].to = ('127.0.0.1', int(re.search(r'm=audio (\d+)', body)[1]))
        speak([(client.lines[0], a)], SECOND // 2, start=len(client.lines[0].frames))
    got = stage.hang_up(client)
    got.expect_sound([('1', A, client.lines[0].frames)])


def metadata_in_a_later_invite(stage):
    talk, (a, b) = Talk(), voices(2)
    client = stage.client()
    expect_equal(client.invite(client.offer(['1', '2'])), 200, 'the answer to the INVITE')
    one, two = client.lines
    speak([(one, a), (two, b)], SECOND)
    people = talk.metadata(on('1', ANNA), on('2', BERT))
    expect_equal(client.invite(client.offer(), people), 200, 'the answer to the re-INVITE')
    speak([(one, a), (two, b)], SECOND, start=SECOND)
    got = stage.hang_up(client)
    got.expect_sound([('1', A, one.frames), ('2', B, two.frames)])
    got.expect_parties(*PARTIES[:2])
    expect_equal(got.shown['conversation_keys'], talk.keys, 'conversation keys')


def one_line_for_two_people(stage):
    talk, (both,) = Talk(), voices(1)
    client = stage.client()
    people = talk.metadata(on('1', ANNA), on('1', BERT))
    expect_equal(client.invite(client.offer(['1']), people), 200, 'the answer to the INVITE')
    speak([(client.lines[0], both)], SECOND)
    got = stage.hang_up(client)
    got.expect_sound([('1', A, client.lines[0].frames)])
    expect_equal(got.tracks[0]['mixed'], True, 'mixed')
    got.expect_parties(*PARTIES[:2])


SCENARIOS = (a_plain_call, hold_and_resume, hold_in_the_first_second,
             blind_transfer_by_an_update_without_an_offer, attended_transfer_links_two_recordings,
             a_conference_of_four, paused_by_the_client, paused_over_http, paused_until_the_end,
             a_stranger_is_not_heard, session_timers, metadata_in_a_later_invite,
             one_line_for_two_people)


def main():
    naklank, work, only = arguments()
    token = work / 'token'
    token.write_text(TOKEN + '\n')
    options = ('--http', '127.0.0.1:0', '--token-file', token)
    with Stage(naklank, work / 'archive', *options) as stage:
        all_held = run([(scenario, (stage,)) for scenario in SCENARIOS], only)
        stage.close()
    return 0 if all_held else 1


if __name__ == '__main__':
    sys.exit(main())
