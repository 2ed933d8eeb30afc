#!/usr/bin/env python3
"""Calls that run, as the window tells of them: who speaks, listening in, events, and messages to other
programs; a real service, a real recording client, a real receiver.

    live_test.py NAKLANK
"""

import base64
import hashlib
import hmac
import http.client
import http.server
import json
import pathlib
import queue
import shutil
import struct
import sys
import tempfile
import threading
import time
import unittest

import service

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'siprec'))
import recording_client  # noqa: E402
import stage  # noqa: E402

NAKLANK = ''
FRAME_S = recording_client.FRAME_S


class Receiver:
    """A program that is told what happens; it answers as it is told to."""

    def __init__(self):
        self.got, self.answers = queue.Queue(), []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                receiver.got.put((dict(self.headers), body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.url = f'http://127.0.0.1:{self.server.server_port}/hook'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Stream:
    """A reply that does not end, read by a thread of its own."""

    def __init__(self, window, path, bearer=None):
        self.connection = http.client.HTTPConnection(window.address, timeout=30)
        who = {'Authorization': bearer} if bearer else {'Cookie': f'naklank={window.cookie}'}
        self.connection.request('GET', '/api/v1' + path, headers=who)
        self.answer = self.connection.getresponse()
        self.status, self.bytes, self.is_over = self.answer.status, b'', False
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        try:
            while piece := self.answer.read1(65536):
                self.bytes += piece
        except (OSError, ValueError, http.client.HTTPException):
            pass
        self.is_over = True

    def events(self, what):
        found = []
        for block in self.bytes.decode().split('\n\n')[:-1]:
            lines = dict(line.split(': ', 1) for line in block.split('\n') if ': ' in line)
            if lines.get('event') == what:
                found.append(json.loads(lines['data']))
        return found

    def close(self):
        self.connection.close()


class Speaker:
    """Speaks on the lines of a call, as long as it is told to."""

    def __init__(self, client, voices):
        self.client, self.voices, self.stopped = client, voices, threading.Event()
        self.thread = threading.Thread(target=self.speak, daemon=True)
        self.thread.start()

    def speak(self):
        due = time.monotonic()
        for frame in range(10_000):
            for line, voice in zip(self.client.lines, self.voices):
                line.send(voice, frame)
            due += FRAME_S
            if self.stopped.wait(max(0, due - time.monotonic())):
                return

    def stop(self):
        self.stopped.set()
        self.thread.join()


class LiveTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='naklank-live-'))
        self.archive = self.folder / 'archive'
        self.archive.mkdir()
        self.window = service.Service(NAKLANK, self.archive, '--siprec', 'udp:127.0.0.1:0', '--ports',
                                      stage.free_ports(), '--basis', 'company', '--purpose', 'training',
                                      '--drain-seconds', '2')
        self.window.set_up('company', numbers=['100'])
        said = self.window.said()
        self.sip = recording_client.endpoint(said.split('siprec=udp:')[1].split()[0])

    def tearDown(self):
        self.window.kill()
        shutil.rmtree(self.folder)

    def until(self, what, seconds=10):
        end = time.monotonic() + seconds
        while not (found := what()):
            self.assertLess(time.monotonic(), end, f'it took too long:\n{self.window.said()}')
            time.sleep(0.02)
        return found

    def call(self):
        client = recording_client.Client(self.sip)
        talk = stage.Talk()
        status = client.invite(client.offer(['1', '2']), talk.metadata(
            stage.on('1', ('p1', 'sip:100@example.com', 'Anna')),
            stage.on('2', ('p2', 'sip:200@example.com', 'Bert'))))
        self.assertEqual(status, 200)
        return client

    def live(self):
        return self.window.ask('GET', '/live').json()['calls']

    def test_a_call_is_seen_heard_and_over(self):
        events = Stream(self.window, '/events?levels=true')
        self.assertEqual(events.status, 200)
        self.until(lambda: events.events('live'))
        client = self.call()
        voices = stage.voices(2)
        speaker = Speaker(client, voices)
        (call,) = self.until(self.live)
        self.assertEqual([party['number'] for party in call['parties']], ['100', '200'])
        self.assertTrue(call['answered'] and call['may_listen'] and not call['is_paused'])
        self.until(lambda: events.events('live')[-1]['calls'])
        self.until(lambda: any(max(levels['levels'].get(call['id'], [0])) > 100
                               for levels in events.events('levels')))

        begun = time.time()
        sound = Stream(self.window, f'/live/{call["id"]}/audio')
        self.assertEqual((sound.status, sound.answer.headers['Content-Type']), (200, 'audio/wav'))
        self.until(lambda: len(sound.bytes) > 44 + 64_000 * 2)
        self.assertEqual(sound.bytes[:4], b'RIFF')
        head = struct.unpack('<HHI', sound.bytes[20:28])
        self.assertEqual(head, (1, 2, 16_000))
        delays = [self.delay(sound, begun, client.lines[i], i) for i in (0, 1)]
        print(f'heard {delays[0]:.2f} and {delays[1]:.2f} s after it was said')
        self.assertLess(max(delays), 2.0, delays)
        self.assertTrue(self.window.ask('GET', '/log?what=listened-in').json()['events'])

        speaker.stop()
        client.bye()
        self.until(lambda: sound.is_over)
        (recording,) = self.until(lambda: events.events('recording'))
        self.assertEqual(self.window.ask('GET', f'/calls/{recording["call"]}').status, 200)
        self.until(lambda: not events.events('live')[-1]['calls'])
        self.until(lambda: self.window.ask('GET', '/log?what=listened-in-until').json()['events'])
        self.assertEqual(self.live(), [])
        events.close()

    def test_listening_ends_with_the_session_and_the_token(self):
        client = self.call()
        speaker = Speaker(client, stage.voices(2))
        (call,) = self.until(self.live)
        owner = self.window.cookie
        made = self.window.ask('POST', '/tokens', {'name': 'x', 'scopes': ['read', 'hear']}).json()
        self.window.sign_in('Anna')
        by_session = Stream(self.window, f'/live/{call["id"]}/audio')
        by_token = Stream(self.window, f'/live/{call["id"]}/audio', f'Bearer {made["secret"]}')
        self.until(lambda: len(by_session.bytes) > 20_000 and len(by_token.bytes) > 20_000)
        self.assertEqual(self.window.ask('DELETE', '/session').status, 204)
        self.window.cookie = owner
        self.assertEqual(self.window.ask('DELETE', f'/tokens/{made["token"]["id"]}').status, 204)
        self.until(lambda: by_session.is_over and by_token.is_over, 15)
        speaker.stop()
        client.bye()

    def delay(self, sound, begun, line, channel):
        """How long after it was sent a frame is heard, by its own samples."""
        frames = len(sound.bytes[44:]) // 4
        heard = struct.unpack(f'<{frames * 2}h', sound.bytes[44:44 + frames * 4])[channel::2]
        wanted = {}
        for sent in line.frames:
            samples = sent.voice.samples(sent.frame)
            wanted[tuple(samples[20:40])] = sent
        for phase in (0, 1):  # every other sample is one that was sent
            lane = heard[phase::2]
            for at in range(len(lane) - 20):
                if sent := wanted.get(tuple(lane[at:at + 20])):
                    return begun + (at - 20) / 8_000 - sent.at
        self.fail('nothing of what was said is heard')

    def test_who_may_not_hear_does_not(self):
        self.window.ask('POST', '/accounts', {'name': 'Emma', 'password': service.PASSWORD,
                                              'roles': ['employee'], 'numbers': ['300']})
        self.window.ask('POST', '/accounts', {'name': 'Otto', 'password': service.PASSWORD,
                                              'roles': ['auditor']})
        owner = self.window.cookie
        client = self.call()
        speaker = Speaker(client, stage.voices(2))
        (call,) = self.until(self.live)
        self.window.sign_in('Emma')
        events = Stream(self.window, '/events?levels=true')
        self.assertEqual(self.live(), [])
        self.assertEqual(self.window.ask('GET', f'/live/{call["id"]}/audio').status, 404)
        self.window.sign_in('Otto')
        self.assertEqual([one['may_listen'] for one in self.live()], [False])
        self.assertEqual(self.window.ask('GET', f'/live/{call["id"]}/audio').status, 403)
        speaker.stop()
        client.bye()
        self.window.cookie = owner
        self.until(lambda: self.window.ask('GET', '/calls').json()['calls'])
        time.sleep(0.5)
        self.assertEqual(events.events('recording') + events.events('levels'), [])
        self.assertEqual(events.events('live')[-1]['calls'], [])
        self.assertTrue(self.window.ask('GET', '/log?what=denied').json()['events'])
        events.close()

    def test_a_program_is_told_and_told_again(self):
        receiver = Receiver()
        receiver.answers = [500]
        made = self.window.ask('POST', '/webhooks', {'url': receiver.url, 'events': ['recording.made']}).json()
        secret = base64.b64decode(made['secret'].removeprefix('whsec_'))
        hook = made['webhook']['id']
        client = self.call()
        speaker = Speaker(client, stage.voices(2))
        time.sleep(0.5)
        speaker.stop()
        client.bye()
        first, again = receiver.got.get(timeout=20), receiver.got.get(timeout=20)
        (call,) = self.window.ask('GET', '/calls').json()['calls']
        for headers, body in (first, again):
            self.assertEqual(json.loads(body)['data'], {'call': call['id']})
            self.assertEqual(json.loads(body)['type'], 'recording.made')
            text = f'{headers["webhook-id"]}.{headers["webhook-timestamp"]}.'.encode() + body
            right = base64.b64encode(hmac.new(secret, text, hashlib.sha256).digest()).decode()
            self.assertEqual(headers['webhook-signature'], f'v1,{right}')
            self.assertLess(abs(time.time() - int(headers['webhook-timestamp'])), 60)
        self.assertEqual(first[0]['webhook-id'], again[0]['webhook-id'])
        (delivery,) = self.until(lambda: [one for one in self.window.ask(
            'GET', f'/webhooks/{hook}/deliveries').json()['deliveries'] if one['state'] == 'delivered'])
        self.assertEqual((delivery['tries'], delivery['status']), (2, 204))
        tested = self.window.ask('POST', f'/webhooks/{hook}/test', {}).json()['delivery']
        self.assertEqual((tested['state'], tested['status']), ('delivered', 204))
        receiver.close()
        tested = self.window.ask('POST', f'/webhooks/{hook}/test', {}).json()['delivery']
        self.assertEqual(tested['state'], 'given-up')
        self.assertTrue(tested['problem'])

    def test_a_program_that_was_away_is_told_after_a_restart(self):
        receiver = Receiver()
        url = receiver.url
        receiver.close()
        self.window.ask('POST', '/webhooks', {'url': url, 'events': ['recording.made']})
        client = self.call()
        speaker = Speaker(client, stage.voices(2))
        time.sleep(0.3)
        speaker.stop()
        client.bye()
        self.until(lambda: self.window.ask('GET', '/webhooks').json()['webhooks'][0]['waiting'])
        cookie = self.window.cookie
        self.window.kill()
        port = int(url.split(':')[2].split('/')[0])
        got = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                got.put(self.rfile.read(int(self.headers['Content-Length'])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass
        with http.server.HTTPServer(('127.0.0.1', port), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.window = service.Service(NAKLANK, self.archive)
            self.window.cookie = cookie
            self.assertEqual(json.loads(got.get(timeout=30))['type'], 'recording.made')
            server.shutdown()


if __name__ == '__main__':
    NAKLANK = sys.argv.pop(1)
    unittest.main(warnings='ignore')  # sockets of clients that the tests leave to the end
