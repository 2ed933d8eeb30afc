#!/usr/bin/env python3
"""`naklank import` and the window's imports with a telephone's folder of some 300 files.

    import_test.py NAKLANK [-k TEST]
"""

import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'window'))
import phone  # noqa: E402
import service  # noqa: E402

NAKLANK = sys.argv[1]
LIMIT_S = 120


def naklank(*words, **more):
    return subprocess.run([NAKLANK, *map(str, words)], capture_output=True, text=True, timeout=LIMIT_S,
                          **more)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def inside(archive):
    """What an archive holds, whatever its recordings are called: each by its original's hash."""
    out = {}
    for vcon in pathlib.Path(archive).glob('20*/*/*/*/call.vcon.json'):
        facts = json.loads(vcon.read_text())['attachments'][0]['body']
        original, = [path for path in vcon.parent.iterdir() if path.name.startswith('original.')]
        parties = [(party['role'], party['number'], party['name']) for party in facts['call']['parties']]
        out[sha256(original)] = (facts['started'], facts['duration_ns'], parties,
                                 facts['brought']['essence'])
    return out


class ImportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix='naklank-import-'))
        cls.phone = cls.root / 'phone'
        cls.phone.mkdir()
        cls.recordings, cls.others = phone.make(cls.phone)
        cls.before = {path: sha256(path) for path in cls.phone.rglob('*') if path.is_file()}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    def setUp(self):
        self.archive = self.root / 'archive'
        shutil.rmtree(self.archive, ignore_errors=True)

    def bring(self, *words):
        return naklank('import', *words, '--archive', self.archive, '--json', '--zone', 'UTC')

    def verify(self):
        answer = naklank('verify', '--all', '--archive', self.archive)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)

    def count(self, told, became):
        return sum(one['became'] == became for one in told)

    def test_brings_each_once_and_leaves_the_files_as_they_are(self):
        first = self.bring(self.phone)
        self.assertEqual(first.returncode, 0, first.stderr)
        told = json.loads(first.stdout)
        self.assertEqual(self.count(told, 'recording'), self.recordings, first.stdout[-2000:])
        self.assertEqual(self.count(told, 'left'), self.others)
        self.assertEqual(self.count(told, 'failed'), 0)
        self.verify()
        held = inside(self.archive)
        self.assertEqual(len(held), self.recordings)
        for path, digest in self.before.items():
            self.assertEqual(sha256(path), digest, path)
        for one in told:
            if one['became'] == 'recording':
                self.assertIn(one['sha256'], held)
        # Who, when and which way, by sidecar and by name.
        bcr = [one for one in told if one.get('recorder') == 'bcr' and one['became'] == 'recording']
        self.assertTrue(bcr)
        for one in bcr:
            stem = re.match(r'(\d{8})_(\d{6}).*_(in|out)_(\+\d+)_Oma', one['name'])
            self.assertEqual(one['direction'], stem[3])
            self.assertEqual(one['numbers'], [stem[4]])
            self.assertEqual(one['names'], ['Oma'])
            self.assertEqual(re.sub(r'[-:]', '', one['started'])[:15], f'{stem[1]}T{stem[2]}')
        samsung = [one for one in told if one.get('recorder') == 'samsung' and one['became'] == 'recording']
        self.assertTrue(samsung)
        for one in samsung:
            self.assertEqual((one['names'], one['direction']), (['Jan'], 'unknown'))
        again = json.loads(self.bring(self.phone).stdout)
        self.assertEqual(self.count(again, 'recording'), 0)
        self.assertEqual(self.count(again, 'known'), self.count(told, 'recording') + self.count(told, 'known'))
        self.assertEqual(len(inside(self.archive)), self.recordings)
        listed = json.loads(naklank('list', '--archive', self.archive, '--json').stdout)
        self.assertEqual(len(listed), self.recordings)

    def test_loses_and_doubles_nothing_when_it_is_killed(self):
        for after_s in (0.15, 0.3, 0.5, 0.7):
            with subprocess.Popen([NAKLANK, 'import', self.phone, '--archive', self.archive, '--quiet'],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                time.sleep(after_s)
                process.kill()
            self.assertIn(process.returncode, (-signal.SIGKILL, 0))
            if (self.archive / 'catalogue.sqlite').exists():
                naklank('rebuild', '--archive', self.archive)
        last = self.bring(self.phone)
        self.assertEqual(last.returncode, 0, last.stderr)
        held = inside(self.archive)
        self.assertEqual(len(held), self.recordings)
        folders = list(self.archive.glob('20*/*/*/*'))
        self.assertEqual(len(folders), self.recordings)
        self.verify()
        self.assertEqual([path.name for path in (self.archive / '.incoming').iterdir()], ['import-turn'])

    def test_two_at_once_bring_each_once(self):
        both = [subprocess.Popen([NAKLANK, 'import', self.phone, '--archive', self.archive, '--quiet'],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
        for one in both:
            _, said = one.communicate(timeout=LIMIT_S)
            self.assertEqual(one.returncode, 0, said.decode())
        self.assertEqual(len(list(self.archive.glob('20*/*/*/*'))), self.recordings)
        self.verify()

    def test_names_in_a_sentence_what_is_hostile_and_goes_on(self):
        hostile = self.root / 'hostile'
        shutil.rmtree(hostile, ignore_errors=True)
        phone.hostile(hostile)
        good = hostile / '+31205551234-1-1650000000000.wav'
        phone.tone(good, 777)
        answer = self.bring(hostile)
        self.assertIn(answer.returncode, (0, 1), answer.stderr)
        told = json.loads(answer.stdout)
        self.assertEqual(self.count(told, 'failed'), 0, answer.stderr)
        mine = [one for one in told if one['name'] == good.name]
        self.assertEqual([(one['became'], one['numbers'], one['direction']) for one in mine],
                         [('recording', ['+31205551234'], 'out')])
        self.assertRegex(answer.stderr, 'bomb.zip: what comes out of it is far more')
        self.assertRegex(answer.stderr, 'deep.zip lies in 4 other archives')
        self.assertFalse(pathlib.Path('/tmp/escaped-too.amr').exists())
        self.assertEqual(list(self.root.rglob('../escaped.amr')), [])
        self.verify()
        for path in hostile.iterdir():
            if path.suffix != '.zip':
                self.assertTrue(any(one['name'] == path.name for one in told), path)

    def brought_by_command(self):
        """What the command makes of the folder; the archive is gone then."""
        self.assertEqual(self.bring(self.phone).returncode, 0)
        held = inside(self.archive)
        shutil.rmtree(self.archive)
        self.archive.mkdir()
        return held

    def assert_same(self, held, by_command):
        self.assertEqual(set(held), set(by_command))
        for digest, facts in by_command.items():
            self.assertEqual(held[digest][1:], facts[1:])
        self.verify()

    def test_a_watched_folder_gives_the_same_archive_also_when_it_is_killed(self):
        by_command = self.brought_by_command()
        watched = self.root / 'watched'
        shutil.rmtree(watched, ignore_errors=True)
        watched.mkdir()
        options = ('--watch', watched, '--watch-zone', 'UTC', '--watch-purpose', 'memory')
        window = service.Service(NAKLANK, self.archive, *options)
        try:
            window.set_up(numbers=[])
            shutil.copytree(self.phone, watched, dirs_exist_ok=True)
            growing = watched / 'Recordings/Call/growing_20250102_030405.wav'
            phone.tone(growing, 4000)
            whole = growing.read_bytes()
            growing.write_bytes(whole[:1000])
            end = time.monotonic() + LIMIT_S
            # It is killed while it brings, and goes on.
            while not list(self.archive.glob('20*/*/*/*')):
                self.assertLess(time.monotonic(), end, window.said())
                growing.write_bytes(growing.read_bytes() + whole[len(growing.read_bytes()):][:100])
                time.sleep(0.3)
            self.assertLess(len(list(self.archive.glob('20*/*/*/*'))), self.recordings)
            window.process.kill()
            window.process.wait()
            window.connection.close()
            cookie = window.cookie
            window = service.Service(NAKLANK, self.archive, *options)
            window.cookie = cookie
            growing.write_bytes(whole)
            while len(list(self.archive.glob('20*/*/*/*'))) < self.recordings + 1:
                self.assertLess(time.monotonic(), end, window.said())
                time.sleep(0.2)
            window.wait_for(' brought ')
            held = inside(self.archive)
            self.assertEqual(held.pop(hashlib.sha256(whole).hexdigest())[1], 1_000_000_000)
            self.assertNotIn('Oma', window.said())
            self.sidecar_comes_later(window, watched)
        finally:
            window.stop()
        for path, digest in self.before.items():
            self.assertEqual(sha256(watched / path.relative_to(self.phone)), digest)
        self.assertEqual([path.name for path in (self.archive / '.incoming').iterdir()], ['import-turn'])
        (grown,) = self.archive.glob('20*/*/*/20250102*')
        shutil.rmtree(grown)
        naklank('rebuild', '--archive', self.archive)
        self.assert_same(inside(self.archive), by_command)

    def sidecar_comes_later(self, window, watched):
        """What is laid beside a recording that was brought goes to it."""
        late = watched / 'BCR' / '20240506_070809.wav'
        phone.tone(late, 4100)
        first = self.until(window, lambda calls: [c for c in calls if c['started'].startswith('2024-05-06')])
        self.assertTrue(first[0]['is_unsure'])
        late.with_suffix('.json').write_text(json.dumps({
            'timestamp': '2024-05-06T07:08:09+00:00', 'direction': 'in',
            'calls': [{'phone_number': '+31205551111', 'contact_name': 'Tante'}]}))
        known = self.until(window, lambda calls: [c for c in calls if c['started'].startswith('2024-05-06')
                                                  and not c['is_unsure']])
        self.assertEqual(known[0]['direction'], 'in')
        late.unlink()
        (gone,) = self.archive.glob('20*/*/*/20240506*')
        shutil.rmtree(gone)

    def until(self, window, found):
        """What `found` finds among the newest calls, as soon as there is any."""
        end = time.monotonic() + 40
        while not (some := found(window.ask('GET', '/calls?from=2024-05-06T00:00:00Z'
                                                   '&to=2024-05-07T00:00:00Z').json()['calls'])):
            self.assertLess(time.monotonic(), end, window.said())
            time.sleep(0.2)
        return some

    def test_a_full_disk_doubles_nothing_and_hides_nothing(self):
        small = self.root / 'small disk'
        small.mkdir(exist_ok=True)
        if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=14m', 'tmpfs', small],
                          stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest('a small disk needs root')
        try:
            sounds = self.root / 'sounds'
            shutil.rmtree(sounds, ignore_errors=True)
            sounds.mkdir()
            for n in range(140):
                phone.tone(sounds / f'20240101_{n:06}.wav', 200 + n, 4)
            for size in ('15m', '18m', '200m'):
                naklank('import', sounds, '--archive', small / 'archive', '--quiet')
                folders = len(list((small / 'archive').glob('20*/*/*/*')))
                listed = json.loads(naklank('list', '--archive', small / 'archive', '--json').stdout or '[]')
                self.assertEqual(len(listed), folders)
                subprocess.run(['mount', '-o', f'remount,size={size}', small], check=True)
            last = naklank('import', sounds, '--archive', small / 'archive')
            self.assertEqual(last.returncode, 0, last.stderr)
            self.assertEqual(len(list((small / 'archive').glob('20*/*/*/*'))), 140)
            self.assertEqual(naklank('verify', '--all', '--archive', small / 'archive').returncode, 0)
        finally:
            subprocess.run(['umount', small], check=True)

    def test_a_telephones_lists_name_what_was_and_what_comes(self):
        folder = self.root / 'lists'
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        phone.tone(folder / 'Call recording 0612345678_230503_140500.wav', 500)
        phone.tone(folder / 'Recording 2023-05-04 10-00-00.wav', 510, 7)
        first = json.loads(self.bring(folder).stdout)
        self.assertEqual([(one['direction'], one['names']) for one in first],
                         [('unknown', []), ('unknown', [])])
        lists = self.root / 'of the phone'
        shutil.rmtree(lists, ignore_errors=True)
        lists.mkdir()
        at = lambda text: int(time.mktime(time.strptime(text, '%Y-%m-%d %H:%M:%S')) - time.timezone) * 1000
        (lists / 'calls.xml').write_text(
            '<calls count="3">'
            f'<call number="+31612345678" duration="1" date="{at("2023-05-03 14:04:30")}" type="2" />'
            f'<call number="+31612345678" duration="1" date="{at("2023-05-03 14:20:00")}" type="1" />'
            f'<call number="+31101112222" duration="8" date="{at("2023-05-04 10:00:01")}" type="1" />'
            '</calls>')
        (lists / 'contacts.vcf').write_text(
            'BEGIN:VCARD\nVERSION:3.0\nFN:Oma\nTEL;TYPE=CELL:06-12 34 56 78\nEND:VCARD\n'
            'BEGIN:VCARD\nVERSION:3.0\nFN:Loodgieter\nTEL:010 111 22 22\nEND:VCARD\n')
        later = naklank('import', lists, '--archive', self.archive, '--zone', 'UTC')
        self.assertEqual(later.returncode, 0, later.stderr)
        self.assertIn('2 people have a name', later.stdout)
        self.assertIn('More is known now of 2 recordings', later.stdout)
        people = json.loads((self.archive / 'people.json').read_text())['people']
        self.assertEqual([one['name'] for one in people], ['Oma', 'Loodgieter'])
        self.assertEqual(naklank('list', '--archive', self.archive, '--unsure', '--json').stdout.strip(), '[]')
        # Another archive gets all at once: it is sealed with the recordings.
        shutil.rmtree(self.archive)
        told = json.loads(self.bring(folder, lists).stdout)
        self.assertEqual(sorted((one['direction'], one['numbers'], one['names'])
                                for one in told if one['became'] == 'recording'),
                         [('in', ['+31101112222'], ['Loodgieter']), ('out', ['0612345678'], ['Oma'])])
        self.verify()

    def test_the_window_gives_the_same_archive(self):
        by_command = self.brought_by_command()
        window = service.Service(NAKLANK, self.archive)
        try:
            window.set_up(numbers=[])
            batch = window.ask('POST', '/imports', {'purpose': 'memory', 'zone': 'UTC'}).json()['id']
            for path in sorted(self.phone.rglob('*')):
                if not path.is_file():
                    continue
                data = path.read_bytes()
                modified = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(path.stat().st_mtime))
                made = window.ask('POST', f'/imports/{batch}/files', {
                    'path': str(path.relative_to(self.phone)), 'bytes': len(data), 'modified': modified})
                self.assertIn(made.status, (200, 201), made.body)
                number = made.json()['file']
                half = len(data) // 2
                for at, piece in ((0, data[:half]), (half, data[half:])):
                    if piece:
                        sent = window.ask('PATCH', f'/imports/{batch}/files/{number}', piece, {
                            'Upload-Offset': str(at), 'Content-Type': 'application/octet-stream'})
                        self.assertEqual(sent.status, 200, sent.body)
            self.assertEqual(window.ask('POST', f'/imports/{batch}/start').status, 202)
            end = time.monotonic() + LIMIT_S
            while (state := window.ask('GET', f'/imports/{batch}').json())['state'] != 'done':
                self.assertLess(time.monotonic(), end, state)
                time.sleep(0.1)
            self.assertEqual((state['recordings'], state['left'], state['failed']),
                             (self.recordings, self.others, 0), state)
            results = []
            start = 0
            while start is not None:
                page = window.ask('GET', f'/imports/{batch}/results?from={start}').json()
                results += page['results']
                start = page.get('next')
            for one in results:
                if one['became'] == 'recording' and not re.search(r'\.(zip|tar\.gz)/', one['path']):
                    self.assertEqual(one['sha256'], self.before[self.phone / one['path']])
            self.hear(window, results)
        finally:
            window.stop()
        self.assertFalse(any((self.archive / '.state/imports').iterdir()))
        self.assert_same(inside(self.archive), by_command)

    def hear(self, window, results):
        """As it was brought where a browser plays it, else a copy; peaks of each."""
        for ending, kind in (('.m4a', 'audio/mp4'), ('.mp3', 'audio/mpeg'), ('.oga', 'audio/ogg'),
                             ('.amr', 'audio/flac'), ('.wav', 'audio/wav')):
            call = next(one['call'] for one in results
                        if one['became'] == 'recording' and one['path'].endswith(ending)
                        and not one.get('why'))
            sound = window.ask('GET', f'/calls/{call}/audio')
            self.assertEqual((sound.status, sound.headers['Content-Type']), (200, kind))
            part = window.ask('GET', f'/calls/{call}/audio?from_ms=200&to_ms=600&format=wav')
            self.assertEqual(part.status, 200, part.body[:200])
            self.assertEqual(part.body[:4], b'RIFF')
            peaks = window.ask('GET', f'/calls/{call}/peaks?points=20').json()
            self.assertGreater(max(peaks['tracks'][0]['peaks']), 100)
            original = window.ask('GET', f'/calls/{call}/audio?format=original&download=true')
            self.assertIn(ending, original.headers['Content-Disposition'])
        call = next(one['call'] for one in results if one['path'].endswith('no end.oga'))
        sound = window.ask('GET', f'/calls/{call}/audio')
        self.assertEqual((sound.status, sound.headers['Content-Type']), (200, 'audio/ogg'))
        last_page = sound.body.rindex(b'OggS')
        self.assertEqual(sound.body[last_page + 5] & 4, 4)  # RFC 3533 6: the last of the stream
        original = window.ask('GET', f'/calls/{call}/audio?format=original').body
        self.assertEqual(original[original.rindex(b'OggS') + 5] & 4, 0)
        end = time.monotonic() + 10  # the list follows the catalogue
        while not (unsure := window.ask('GET', '/calls?only=unsure&count=true').json())['total']:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)
        call = unsure['calls'][0]['id']
        details = window.ask('GET', f'/calls/{call}').json()
        self.assertTrue(details['brought']['unsure'])
        said = window.ask('PATCH', f'/calls/{call}', {'found': {
            'started': '2019-05-03T14:05:00+02:00', 'names': ['Tante'], 'numbers': ['+31205550000'],
            'direction': 'in'}})
        self.assertEqual(said.status, 200, said.body)
        row, = window.ask('GET', '/calls?q=tante').json()['calls']
        self.assertEqual((row['id'], row['started'], row['direction'], row['is_unsure']),
                         (call, '2019-05-03T12:05:00.000Z', 'in', False))
        recorded = window.ask('PATCH', f'/calls/{call}', {'found': {'direction': 'sideways'}})
        self.assertEqual(recorded.status, 422)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
