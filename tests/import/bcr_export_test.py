#!/usr/bin/env python3
"""`naklank export` of what was brought, and `export --bcr` there and back: an archive as BCR has it,
brought into a fresh archive, says what the first one said.

    bcr_export_test.py NAKLANK CAPTURE
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

NAKLANK, CAPTURE = map(os.path.abspath, sys.argv[1:3])
LIMIT_S = 120
SMALL_DISK = 'mount -t tmpfs -o size=200k tmpfs "$0"'
READ_ONLY_DISK = 'mount -t tmpfs -o ro tmpfs "$0"'


def naklank(*words, **more):
    return subprocess.run([NAKLANK, *map(str, words)], capture_output=True, text=True, timeout=LIMIT_S,
                          **more)


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def can_mount():
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(['unshare', '-m', 'bash', '-c', SMALL_DISK, folder],
                              capture_output=True).returncode == 0


def samples(*words):
    return subprocess.run(['sox', *map(str, words)], capture_output=True, check=True).stdout


def more_calls(folder):
    """What names and sidecars make hard: people of one name at one moment, several at once, codes, both
    sides apart, letters that no file's name has."""
    folder.mkdir()
    tone = folder / 'tone.wav'
    for n in range(3):  # of the same moment and person
        (folder / f'box {n}').mkdir()
        phone.tone(folder / f'box {n}/Call recording Mieke_200101_120000.wav', 2000 + 10 * n)

    def bcr(name, hertz, two_sides=False, **said):
        sound = folder / (name + '.oga')
        phone.tone(tone, hertz)
        phone.ffmpeg('-i', tone, *(['-ac', '2'] if two_sides else []), '-c:a', 'libopus', sound)
        said.setdefault('calls', [])
        (folder / (name + '.json')).write_text(json.dumps({
            'timestamp_unix_ms': 1686735202123, 'timestamp': '2023-06-14T11:33:22.123+02:00', **said}))

    # The times are those of the name.
    bcr('20230614_113322.123+0200_conference_sim2_+31201112222,+31203334444_Ans,Bé', 2100,
        direction='conference', sim_slot=2, package_name='com.android.phone',
        calls=[{'phone_number': '+31201112222', 'contact_name': 'Ans'},
               {'phone_number': '+31203334444', 'contact_name': 'Bé'}],
        output={'format': {'type': 'OGG/Opus'},
                'recording': {'duration_secs_wall': 9.5, 'duration_secs_total': 1.0,
                              'buffer_overruns': 3, 'was_ever_paused': True}})
    bcr('20230614_113322.123+0200_out__21#', 2110, direction='out', calls=[{'phone_number': '*21#'}])
    bcr('20230614_113322.123+0200_in_0201234567_A_B_ _C_', 2120, two_sides=True, direction='in',
        calls=[{'phone_number': '0201234567', 'contact_name': 'A/B: "C" 🙂'}])
    tone.unlink()
    phone.tone(folder / '2019-05-06 07-08-09 (phone) Café (0612345678) ↙.wav', 2130)
    return 7


class BcrExportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix='naklank-bcr-'))
        cls.phone = cls.root / 'phone'
        cls.phone.mkdir()
        cls.recordings, _ = phone.make(cls.phone, files=60)
        cls.recordings += more_calls(cls.phone / 'more')
        cls.archive = cls.root / 'archive'
        answer = naklank('import', cls.phone, '--archive', cls.archive, '--json', '--zone',
                         'Europe/Amsterdam')
        assert answer.returncode == 0, answer.stderr
        told = [one for one in json.loads(answer.stdout) if one['became'] == 'recording']
        assert len(told) == cls.recordings, (len(told), cls.recordings)
        cls.brought = {one['sha256']: one for one in told}
        recorded = naklank('record', '--read', CAPTURE, '--archive', cls.archive, '--json')
        assert recorded.returncode == 0, recorded.stderr
        cls.call, = json.loads(recorded.stdout)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    def setUp(self):
        self.out = self.root / 'out'
        for folder in (self.out, self.root / 'back'):
            shutil.rmtree(folder, ignore_errors=True)

    def export(self, *words, exit_code=0):
        answer = naklank('export', '--bcr', '-o', self.out, '--archive', self.archive, '--json', *words)
        self.assertEqual(answer.returncode, exit_code, answer.stderr)
        return json.loads(answer.stdout)

    def import_back(self, *words):
        answer = naklank('import', self.out, '--archive', self.root / 'back', '--json', '--zone',
                         'Asia/Tokyo', *words)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return {one['sha256']: one for one in json.loads(answer.stdout)}

    def original(self, one):
        return next(self.archive.glob(f'20*/*/*/{one["id"]}/original.*'))

    def assert_no_halves(self):
        hashes = set(self.brought)
        sounds = [path for path in self.out.rglob('*') if path.is_file() and path.suffix != '.json']
        for path in sounds:
            self.assertNotIn('naklank-part', path.name)
            self.assertTrue(path.with_name(path.name[:path.name.rindex('.')] + '.json').exists(), path)
            self.assertTrue(path.suffix == '.flac' or sha256(path) in hashes, path)
        return len(sounds)

    # ---- One recording, as it came.

    def test_gives_what_was_brought_byte_for_byte_or_decoded(self):
        self.out.mkdir()
        for ending in ('.m4a', '.amr', '.oga', '.mp3', '.wav', '.3gp'):
            one = next(one for one in self.brought.values()
                       if one['name'].endswith(ending) and not one['why'])
            done = naklank('export', one['id'], '-o', self.out, '--archive', self.archive)
            self.assertEqual(done.returncode, 0, done.stderr)
            path = self.out / (one['id'] + ending)
            self.assertEqual(done.stdout, f'{path}\n')
            self.assertEqual(sha256(path), one['sha256'])
            wav, flac = self.out / 'a.wav', self.out / 'a.flac'
            for to in (wav, flac):
                done = naklank('export', one['id'], '-o', to, '--force', '--archive', self.archive)
                self.assertEqual(done.returncode, 0, done.stderr)
            piped = subprocess.run([NAKLANK, 'export', one['id'], '--format', 'wav', '-o', '-', '--archive',
                                    self.archive], capture_output=True, check=True).stdout
            if ending == '.wav':  # by its name it is the original
                self.assertEqual(sha256(wav), one['sha256'])
                self.assertNotEqual(piped, wav.read_bytes())
                wav.write_bytes(piped)
            self.assertEqual(piped, wav.read_bytes())
            self.assertEqual(samples(flac, '-t', 's16', '-'), samples(wav, '-t', 's16', '-'))
            self.assertGreater(len(samples(wav, '-t', 's16', '-')), 14_000)

    def test_says_what_to_do_where_the_original_does_not_do(self):
        one = next(iter(self.brought.values()))
        unread = next(one for one in self.brought.values() if one['name'] == 'head.amr')
        for words, sentence in ((('--trim',), 'leave --trim out'),
                                (('--format', 'original', '--track', '1'), 'use --format wav or flac'),
                                (('--format', 'flac', '-o', '-'), 'use --format wav, or -o FILE')):
            done = naklank('export', one['id'], '--archive', self.archive, *words, cwd=self.root)
            self.assertEqual((done.returncode, sentence in done.stderr), (2, True), done.stderr)
        done = naklank('export', unread['id'], '--format', 'wav', '--archive', self.archive, cwd=self.root)
        self.assertEqual(done.returncode, 2)
        self.assertIn('nobody can read its sound; --format original', done.stderr)
        self.assertEqual([path.name for path in self.root.iterdir() if path.is_file()], [])

    # ---- There and back.

    def test_what_was_brought_comes_back_with_all_that_was_known(self):
        told = self.export('--all')
        self.assertEqual([one['became'] for one in told], ['written'] * (self.recordings + 1))
        self.assertEqual(self.assert_no_halves(), self.recordings + 1)
        back = self.import_back()
        for digest, one in self.brought.items():
            with self.subTest(one['name']):
                again = back[digest]
                self.assertEqual(again['became'], 'recording')
                for fact in ('started', 'direction', 'numbers', 'names'):
                    self.assertEqual(again[fact], one[fact], fact)
                self.assertEqual(again['kind'], 'call')  # BCR knows no messages
                self.assertEqual(sha256(self.root / 'out' / again['name']), digest)
        # Lengths and sides, by the facts that were sealed.
        for digest, one in self.brought.items():
            was, now = (json.loads(next(archive.glob(f'20*/*/*/{id}/call.vcon.json')).read_text())
                        ['attachments'][0]['body']
                        for archive, id in ((self.archive, one['id']), (self.root / 'back', back[digest]['id'])))
            self.assertEqual(now['started'], was['started'])
            if one['recorder'] == 'bcr':
                self.assertEqual([track['party'] for track in now['tracks']],
                                 [track['party'] for track in was['tracks']])
                self.assertEqual(now['call']['oddities'], was['call']['oddities'])
        # BCR's own JSON is what it was.
        before = {sha256(path): path.name for path in self.phone.rglob('*.json')}
        after = {sha256(path): path.name for path in self.out.glob('*.json')}
        self.assertGreater(len(before), 5)
        self.assertEqual(set(before) - set(after), set())
        # And so is the name, but that no fraction is no fraction.
        for digest, name in before.items():
            if 'A_B' not in name:
                self.assertEqual(after[digest], name.replace('.000+', '+'))
        # Three at one moment with one person: each has a name, and is read.
        mieke = sorted(path.name for path in self.out.glob('*Mieke*.wav'))
        stem = '20200101_120000+0100_Mieke'
        self.assertEqual(mieke, [f'{stem} (2).wav', f'{stem} (3).wav', f'{stem}.wav'])
        self.assertEqual(sum(one['names'] == ['Mieke'] for one in back.values()), 3)

    def test_names_alone_say_most_of_it(self):
        """Without the JSON, for readers of names."""
        self.export('--all')
        for path in self.out.glob('*.json'):
            path.unlink()
        back = self.import_back()
        for digest, one in self.brought.items():
            with self.subTest(one['name']):
                again = back[digest]
                self.assertEqual((again['started'], again['direction']), (one['started'], one['direction']))
                self.assertEqual(again['recorder'], 'bcr')
                if 'A/B' not in ''.join(one['names']):
                    self.assertEqual((again['numbers'], again['names']), (one['numbers'], one['names']))

    def test_what_was_recorded_here_goes_out_and_comes_in(self):
        caller, callee = self.call['caller'], self.call['callee']
        one, = self.export(self.call['id'])
        self.assertEqual(self.channels(one['path']), 1)
        said = json.loads(pathlib.Path(one['sidecar']).read_text())
        self.assertIsNone(said['direction'])
        self.assertIsNone(said['sim_slot'])
        self.assertEqual([party['phone_number'] for party in said['calls']],
                         [caller['number'], callee['number']])
        again, = self.import_back().values()
        self.assertEqual(again['numbers'], [caller['number'], callee['number']])
        self.assertEqual(again['started'], self.call['started'])
        self.assertEqual(again['direction'], 'unknown')

    def channels(self, path):
        return int(subprocess.run(['soxi', '-c', path], capture_output=True, check=True).stdout)

    def test_with_our_own_number_the_sides_and_the_direction_are_known(self):
        ends = {'out': ('caller', 'callee'), 'in': ('callee', 'caller')}
        for direction, (own, other) in ends.items():
            with self.subTest(direction):
                self.setUp()
                one, = self.export(self.call['id'], '--own-number', self.call[own]['number'])
                self.assertEqual(self.channels(one['path']), 2)
                for channel, party in ((1, own), (2, other)):
                    alone = subprocess.run(
                        [NAKLANK, 'export', self.call['id'], '--track', party, '--format', 's16le', '-o', '-',
                         '--archive', self.archive], capture_output=True, check=True).stdout
                    self.assertEqual(samples(one['path'], '-t', 's16', '-', 'remix', channel), alone)
                again, = self.import_back().values()
                self.assertEqual((again['direction'], again['numbers'], again['names']),
                                 (direction, [self.call[other]['number']], [self.call[other]['name']]))

    def test_what_a_person_said_since_goes_out(self):
        archive = self.root / 'said'
        shutil.rmtree(archive, ignore_errors=True)
        archive.mkdir()
        source = next(path for path in (self.phone / 'BCR').glob('*_in_*') if path.suffix != '.json')
        for path in (source, source.with_name(source.name[:source.name.rindex('.')] + '.json')):
            shutil.copy(path, archive.parent / path.name)
        brought = json.loads(naklank('import', archive.parent / source.name, '--archive', archive,
                                     '--json').stdout)
        for path in self.root.glob(source.name[:15] + '*'):
            path.unlink()
        window = service.Service(NAKLANK, archive)
        try:
            window.set_up(numbers=[])
            said = window.ask('PATCH', f'/calls/{brought[0]["id"]}', {'found': {
                'started': '2019-05-03T14:05:06+02:00', 'names': ['Tante Jo'],
                'numbers': ['+31205550000'], 'direction': 'out'}})
            self.assertEqual(said.status, 200, said.body)
            done = naklank('export', '--bcr', '--all', '-o', self.out, '--archive', archive)
            self.assertEqual(done.returncode, 0, done.stderr)
            # In safekeeping it is in no list; who names it has it all the same.
            removed = window.ask('DELETE', f'/calls/{brought[0]["id"]}')
            self.assertEqual(removed.status, 204, removed.body)
        finally:
            window.stop()
        for words, count in ((('--all',), '0 of 0'), ((brought[0]['id'],), '1 of 1')):
            done = naklank('export', '--bcr', *words, '-o', self.out, '--archive', archive)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(done.stdout.startswith(count), done.stdout)
        stem = '20190503_140506+0200_out_+31205550000_Tante Jo'
        self.assertEqual({path.name for path in self.out.iterdir()},
                         {stem + '.json', stem + source.name[source.name.rindex('.'):]})
        again, = self.import_back().values()
        self.assertEqual((again['started'], again['direction'], again['numbers'], again['names']),
                         ('2019-05-03T12:05:06.000Z', 'out', ['+31205550000'], ['Tante Jo']))

    # ---- Which, and under which names.

    def test_takes_those_that_are_asked_for(self):
        since = sum(one['started'] >= '2023-11-16' for one in self.brought.values())
        self.assertEqual(len(self.export('--all', '--since', '2023-11-16T00:00:00Z')), since + 1)
        self.assertEqual(len(self.export('--all', '--until', '2021-01-01')),
                         sum(one['started'] < '2021-01-01' for one in self.brought.values()))
        some = self.export('--all', '--number', '0203334444', '--zone', 'UTC', '--template',
                           '{date:yyyy}/{direction}/{contact_name} {date:HHmmss}')
        self.assertEqual([one['path'] for one in some],
                         [str(self.out / '2023/conference/Ans,Bé 093322.oga')])

    def test_goes_on_behind_what_cannot_be(self):
        some = [one['id'] for one in self.brought.values()][:2]
        told = self.export(some[0], '20990101', some[1], exit_code=2)
        self.assertEqual([one['became'] for one in told], ['written', 'failed', 'written'])
        self.assertIn('20990101', told[1]['why'])
        self.setUp()
        told = self.export(some[0], some[0][-6:])  # the same one, named twice
        self.assertEqual([one['id'] for one in told], some[:1])
        self.setUp()
        told = self.export('--all', '--template', '{date}_{direction}', exit_code=2)
        for one in told:
            known = next((b['direction'] for b in self.brought.values() if b['id'] == one['id']), 'unknown')
            self.assertEqual(one['became'], 'failed' if known == 'unknown' else 'written', one)
            if known == 'unknown':
                self.assertRegex(one['why'], r'needs \{direction\}')
                self.assertIsNone(one['path'])
        self.setUp()
        for template in ('^{date}.*', '{nonsense}', '[a', 'x'):
            done = naklank('export', '--bcr', '--all', '-o', self.out, '--template', template,
                           '--archive', self.archive)
            self.assertEqual((done.returncode, done.stdout), (2, ''), template)
            self.assertIn('--template', done.stderr)
        done = naklank('export', '--bcr', '--all', '-o', self.out, '--zone', 'Mars', '--archive',
                       self.archive)
        self.assertEqual(done.returncode, 2)
        self.assertFalse(self.out.exists())

    def test_says_which_recording_is_not_as_it_was_sealed(self):
        archive = self.root / 'spoilt'
        shutil.rmtree(archive, ignore_errors=True)
        shutil.copytree(self.archive, archive)
        spoilt = [one for one in self.brought.values() if one['recorder'] == 'bcr'][:2]
        for one, file in zip(spoilt, ('original.*', 'sidecar.json')):
            path = next(archive.glob(f'20*/*/*/{one["id"]}/{file}'))
            path.write_bytes(path.read_bytes() + b'x')
        done = naklank('export', '--bcr', '--all', '-o', self.out, '--archive', archive)
        self.assertEqual(done.returncode, 1)
        for one in spoilt:
            self.assertRegex(done.stderr, f'{one["id"]} is not as it was sealed')
        self.assertIn('2 could not be exported', done.stdout)
        self.assertEqual(self.assert_no_halves(), self.recordings + 1 - 2)

    # ---- What is there.

    def test_leaves_what_is_there_and_mends_what_is_missing(self):
        first = self.export('--all')
        stamps = {path: path.stat().st_mtime_ns for path in self.out.iterdir()}
        again = self.export('--all')
        self.assertEqual([one['became'] for one in again], ['there'] * len(first))
        self.assertEqual({path: path.stat().st_mtime_ns for path in self.out.iterdir()}, stamps)
        pathlib.Path(first[0]['sidecar']).unlink()
        other = pathlib.Path(first[1]['path'])
        other.write_bytes(b'of somebody else')
        spoilt = pathlib.Path(first[2]['sidecar'])
        spoilt.write_text('{}')
        told = self.export('--all', exit_code=2)
        self.assertEqual([one['became'] for one in told],
                         ['written', 'failed', 'failed'] + ['there'] * (len(first) - 3))
        self.assertIn('--force writes over it', told[1]['why'])
        self.assertEqual((other.read_bytes(), spoilt.read_text()), (b'of somebody else', '{}'))
        told = self.export('--all', '--force')
        self.assertEqual([one['became'] for one in told], ['written'] * len(first))
        self.assertEqual(self.assert_no_halves(), len(first))
        self.assertGreater(len(spoilt.read_text()), 10)

    def test_a_stop_leaves_no_halves(self):
        whole = self.recordings + 1
        stopped = 0
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            for after_s in (0, 0.005, 0.02):
                self.setUp()
                with subprocess.Popen([NAKLANK, 'export', '--bcr', '--all', '-o', self.out, '--archive',
                                       self.archive], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      text=True) as process:
                    end = time.monotonic() + LIMIT_S
                    while not (self.out.exists() and any(self.out.iterdir())):
                        self.assertLess(time.monotonic(), end)
                        time.sleep(0.001)
                    time.sleep(after_s)
                    process.send_signal(sign)
                    said, complaint = process.communicate(timeout=LIMIT_S)
                if sign != signal.SIGKILL and process.returncode == 1:
                    self.assertIn('it was stopped', complaint)
                    self.assertRegex(said, rf'\d+ of {whole} recordings')
                    stopped += 1
                if sign != signal.SIGKILL and self.out.exists():
                    self.assert_no_halves()
                self.export('--all')
                self.assertEqual(self.assert_no_halves(), whole)
        self.assertGreater(stopped, 0, 'none was stopped on its way')

    def test_ends_with_a_sentence_where_nothing_can_be_written(self):
        self.out.write_text('a file')
        done = naklank('export', '--bcr', '--all', '-o', self.out, '--archive', self.archive)
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        self.assertIn(str(self.out), done.stderr)
        self.out.unlink()
        for words in (['-o', '-'], []):
            done = naklank('export', '--bcr', '--all', *words, '--archive', self.archive)
            self.assertEqual(done.returncode, 2)
            self.assertIn('give it with -o', done.stderr)
        for words in (('--format', 'wav'), ('--track', '1'), ('--trim',)):
            done = naklank('export', '--bcr', '--all', '-o', self.out, *words, '--archive', self.archive)
            self.assertEqual((done.returncode, self.out.exists()), (2, False))
            self.assertIn('leave --format, --track and --trim out', done.stderr)
        if not can_mount():
            return
        self.out.mkdir()
        for mount, sentence in ((SMALL_DISK, 'the disk is full'), (READ_ONLY_DISK, 'Read-only file system')):
            done = subprocess.run(
                ['unshare', '-m', 'bash', '-c', mount + '; "$@"; code=$?; ls -A "$0" >&2; exit $code',
                 self.out, NAKLANK, 'export', '--bcr', '--all', '-o', self.out, '--archive', self.archive],
                capture_output=True, text=True, timeout=LIMIT_S)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertEqual(done.stderr.count(sentence), 1, done.stderr)
            self.assertIn('nothing more can be written', done.stderr)
            self.assertNotIn('naklank-part\n', done.stderr)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
