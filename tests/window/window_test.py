#!/usr/bin/env python3
"""The window of `naklank serve`, asked as a browser would; each reply is held against the contract.

    window_test.py NAKLANK SAMPLE
"""

import hashlib
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

import service

NAKLANK = SAMPLE = ''


def record(archive, *options):
    subprocess.run([NAKLANK, 'record', '--read', SAMPLE, '--archive', archive, '--quiet', *options],
                   check=True, stdin=subprocess.DEVNULL, capture_output=True)


class WindowTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='naklank-window-'))
        self.archive = self.folder / 'archive'
        self.archive.mkdir()
        self.service = None

    def tearDown(self):
        if self.service:
            self.service.kill()
        shutil.rmtree(self.folder)

    def serve(self, *options, **named):
        self.service = service.Service(NAKLANK, self.archive, *options, **named)
        return self.service

    def until(self, what, seconds=10):
        end = time.monotonic() + seconds
        while not (found := what()):
            self.assertLess(time.monotonic(), end, 'it took too long')
            time.sleep(0.05)
        return found

    def test_a_first_visit_from_the_link_to_the_sound_and_back(self):
        record(self.archive)
        window = self.serve()
        self.assertFalse(window.ask('GET', '/status').json()['is_set_up'])
        self.assertEqual(window.ask('GET', '/calls').status, 401)
        self.assertEqual(window.set_up().status, 201)
        self.until(lambda: not (self.archive / '.state/set-up-link').exists())
        calls = window.ask('GET', '/calls?q=repar').json()['calls']
        self.assertEqual(len(calls), 1)
        call = f'/calls/{calls[0]["id"]}'
        facts = window.ask('GET', call).json()
        self.assertEqual(facts['tracks'][1]['packets']['lost'], 1)
        sound = window.ask('GET', f'{call}/audio')
        self.assertEqual(hashlib.sha256(sound.body).hexdigest(), facts['sha256'])
        part = window.ask('GET', f'{call}/audio', headers={'Range': 'bytes=1000-1999'})
        self.assertEqual((part.status, part.body), (206, sound.body[1000:2000]))
        voice = window.ask('GET', f'{call}/audio?party=1&from_ms=1000&to_ms=2000')
        self.assertEqual(len(voice.body), 44 + 2 * 8000)
        self.assertEqual(len(window.ask('GET', f'{call}/peaks?points=100').json()['tracks']), 2)
        note = window.ask('POST', f'{call}/notes', {'at_ms': 4000, 'text': 'Hier.'}).json()
        self.assertEqual(window.ask('PATCH', call, {'tags': ['monteur'], 'is_kept': True}).status, 200)
        person = {'name': 'Reparatie Jansen', 'numbers': [facts['parties'][1]['number']]}
        self.assertEqual(window.ask('POST', '/people', person).status, 201)
        self.assertEqual(window.ask('GET', '/people').json()['people'][0]['calls'], 1)
        link = window.ask('POST', f'{call}/links', {'recipient': 'Broer', 'word': 'appel'}).json()
        shared = link['url'].replace('/deel/', '/shared/')
        owner, window.cookie = window.cookie, None
        self.assertEqual(window.ask('GET', shared).status, 401)
        ticket = window.ask('GET', shared, headers={'X-Naklank-Word': 'appel'}).json()['ticket']
        self.assertEqual(window.ask('GET', f'{shared}/audio?ticket={ticket}').body, sound.body)
        self.assertEqual(window.ask('GET', f'{shared}/peaks?ticket={ticket}').status, 200)
        window.cookie = owner
        self.assertEqual(window.ask('GET', f'{call}/links').json()['links'][0]['times_opened'], 1)
        self.assertEqual(window.ask('DELETE', f'/links/{link["link"]["id"]}').status, 204)
        self.assertEqual(window.ask('GET', shared).status, 404)
        self.assertEqual(window.ask('DELETE', f'{call}/notes/{note["id"]}').status, 204)
        what = [event['what'] for event in window.ask('GET', '/log').json()['events']]
        for event in ('set-up', 'hearing', 'noted', 'changed', 'shared', 'link-opened',
                      'link-revoked', 'note-removed'):
            self.assertIn(event, what)
        self.assertEqual(window.ask('DELETE', '/session').status, 204)
        self.assertEqual(window.ask('GET', '/session').status, 401)
        self.assertEqual(window.stop(), 0)
        # What the window keeps is a part of the archive, and the recording is as it was sealed.
        verified = subprocess.run([NAKLANK, 'verify', '--all', '--archive', self.archive, '--json'],
                                  capture_output=True, text=True, check=True)
        self.assertEqual(json.loads(verified.stdout)['strangers'], [])
        self.assertNotIn('Hier.', window.said())

    def test_recordings_that_come_and_a_catalogue_that_is_rebuilt(self):
        window = self.serve()
        window.set_up()
        self.assertEqual(window.ask('GET', '/calls').json()['calls'], [])
        record(self.archive)
        call = self.until(lambda: window.ask('GET', '/calls').json()['calls'])[0]
        window.ask('PATCH', f'/calls/{call["id"]}', {'tags': ['blijft']})
        record(self.archive, '--purpose', 'training')
        self.until(lambda: len(window.ask('GET', '/calls').json()['calls']) == 2)
        subprocess.run([NAKLANK, 'rebuild', '--archive', self.archive], check=True,
                       capture_output=True)
        time.sleep(1.2)
        calls = window.ask('GET', '/calls?count=true').json()
        self.assertEqual(calls['total'], 2)
        self.assertEqual(len(window.ask('GET', '/calls?tag=blijft').json()['calls']), 1)

    def test_what_was_made_is_there_after_a_kill(self):
        record(self.archive)
        window = self.serve()
        window.set_up()
        call = f'/calls/{window.ask("GET", "/calls").json()["calls"][0]["id"]}'
        window.ask('POST', f'{call}/notes', {'text': 'Blijft staan.'})
        cookie = window.cookie
        window.kill()
        again = self.serve()
        again.cookie = cookie
        self.assertEqual(again.ask('GET', call).json()['note_list'][0]['text'], 'Blijft staan.')
        numbers = [event['number'] for event in again.ask('GET', '/log').json()['events']]
        self.assertEqual(numbers, list(range(len(numbers), 0, -1)))

    def test_two_hundred_who_listen_at_once(self):
        record(self.archive)
        window = self.serve()
        window.set_up()
        call = window.ask('GET', '/calls').json()['calls'][0]['id']
        whole = window.ask('GET', f'/calls/{call}/audio').body
        wrong = []

        def listen():
            request = urllib.request.Request(
                f'http://{window.address}/api/v1/calls/{call}/audio',
                headers={'Cookie': f'naklank={window.cookie}'})
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    if answer.read() != whole:
                        wrong.append('something else')
            except OSError as error:
                wrong.append(str(error))
        threads = [threading.Thread(target=listen) for _ in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_other_machines_come_by_tls_and_get_no_metrics(self):
        window = self.serve(at='0.0.0.0:0')
        said = window.said()
        fingerprint = said.split('sha256=')[1].split()[0]
        port = window.address.rsplit(':', 1)[1]
        certificate = ssl.get_server_certificate(('127.0.0.1', int(port)))
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest().upper()
        self.assertEqual(':'.join(digest[i:i + 2] for i in range(0, 64, 2)), fingerprint)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with urllib.request.urlopen(f'https://127.0.0.1:{port}/api/v1/status',
                                    context=context) as answer:
            self.assertFalse(json.load(answer)['is_set_up'])
        key = self.archive / '.state/certificate-key.pem'
        self.assertEqual(key.stat().st_mode & 0o077, 0)
        with self.assertRaises(OSError):
            urllib.request.urlopen(f'http://127.0.0.1:{port}/api/v1/status', timeout=5).read()

    def test_pages_are_guarded_and_say_when_they_are_missing(self):
        site = self.folder / 'site'
        (site / 'assets').mkdir(parents=True)
        (site / 'index.html').write_text('<!doctype html><title>Naklank</title>')
        (site / 'assets/app-1.js').write_text('let a = 1')
        window = self.serve('--site', str(site))
        page = window.raw('GET', '/gesprek/20260302T090001Z-0bftth')
        self.assertEqual((page.status, page.body), (200, b'<!doctype html><title>Naklank</title>'))
        policy = page.headers['Content-Security-Policy']
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn('unsafe', policy)
        self.assertEqual(page.headers['Referrer-Policy'], 'no-referrer')
        script = window.raw('GET', '/assets/app-1.js')
        self.assertIn('immutable', script.headers['Cache-Control'])
        etag = {'If-None-Match': script.headers['ETag']}
        self.assertEqual(window.raw('GET', '/assets/app-1.js', headers=etag).status, 304)
        self.assertEqual(window.raw('GET', '/assets/other.js').status, 404)
        self.assertEqual(window.raw('GET', '/../../etc/passwd').body, page.body)
        self.assertEqual(window.raw('POST', '/').status, 405)
        self.assertEqual(window.stop(), 0)
        bare = self.serve('--site', str(self.archive))
        self.assertEqual(bare.raw('GET', '/').status, 404)


if __name__ == '__main__':
    NAKLANK, SAMPLE = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
