#!/usr/bin/env python3
"""`naklank import` among files that break, starve or end their reader: each costs one sentence, and
nothing else.

    hostile_test.py NAKLANK
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zipfile

import hostile
import phone

NAKLANK = sys.argv[1]
MEDIA = pathlib.Path(NAKLANK).parent / 'naklank-media'
# Its shadow memory is terabytes: there is no limit of memory then.
HAS_SANITIZER = any(word in MEDIA.read_bytes() for word in (b'__asan_init', b'__tsan_init'))
LIMIT_S = 120
GOOD = 6


def children_of(pid):
    """The processes that it started, each with the seconds of a processor that it took."""
    out = {}
    for stat in pathlib.Path('/proc').glob('[0-9]*/stat'):
        try:
            words = stat.read_text().rpartition(')')[2].split()
        except OSError:
            continue
        if int(words[1]) == pid:
            out[int(stat.parent.name)] = (int(words[11]) + int(words[12])) / os.sysconf('SC_CLK_TCK')
    return out


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix='naklank-hostile-'))
        cls.good = cls.root / 'good'
        cls.good.mkdir()
        for i in range(GOOD):
            phone.tone(cls.good / f'+3120555{i:04}-1-16500{i:05}000.wav', 300 + 20 * i)
        hostile.silent_flac(cls.root / 'slow.flac', 1200, rate=48000, channels=8)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    def setUp(self):
        self.archive = self.root / 'archive'
        self.source = self.root / 'source'
        for folder in (self.archive, self.source):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.good, self.source)

    def start(self):
        return subprocess.Popen([NAKLANK, 'import', self.source, '--archive', self.archive, '--json',
                                 '--zone', 'UTC'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def end(self, process):
        """What became of each file, by name; every file is told of once."""
        said, aside = process.communicate(timeout=LIMIT_S)
        told = json.loads(said)
        by_name = {one['name']: one for one in told}
        self.assertEqual(len(by_name), len(told), said)
        for path in self.source.iterdir():
            if path.suffix != '.zip':
                self.assertIn(path.name, by_name)
        return process.returncode, by_name, aside

    def bring(self):
        return self.end(self.start())

    def check_again(self, recordings):
        """A second time nothing comes, and nothing is lost."""
        _, told, _ = self.bring()
        self.assertEqual({one['became'] for one in told.values()} - {'left'}, {'known'}, told)
        self.assertEqual(len(list(self.archive.glob('20*/*/*/*'))), recordings)
        answer = subprocess.run([NAKLANK, 'verify', '--all', '--archive', self.archive],
                                capture_output=True, text=True, timeout=LIMIT_S)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        left = [path.name for path in (self.archive / '.incoming').iterdir()]
        self.assertEqual(left, ['import-turn'])

    def check_good(self, told):
        for path in self.good.iterdir():
            self.assertEqual((told[path.name]['became'], told[path.name]['why']), ('recording', ''))

    def test_each_gives_one_sentence_and_the_others_come_in(self):
        too_much = 'reading it took more memory than a file of sound may need'
        if HAS_SANITIZER:
            too_much = 'it cannot be opened as sound: End of file'
        hostile.greedy_m4a(self.source / 'greedy.m4a', 125_000_000)
        hostile.silent_flac(self.source / 'endless.flac', 12 * 3600, rate=48000, channels=8)
        hostile.silent_flac(self.source / 'silence.flac', 5400)
        hostile.silent_amr(self.source / 'half a day.amr', 12 * 3600)
        (self.source / 'empty.m4a').write_bytes(b'')
        (self.source / 'head.amr').write_bytes(b'#!AMR\n')
        phone.ffmpeg('-i', next(self.good.iterdir()), '-c:a', 'aac', self.source / 'rotten.m4a')
        rotten = bytearray((self.source / 'rotten.m4a').read_bytes())
        at = rotten.rindex(b'moov')
        rotten[at + 4:] = bytes(byte ^ 0x55 for byte in rotten[at + 4:])
        (self.source / 'rotten.m4a').write_bytes(rotten)
        with zipfile.ZipFile(self.source / 'bomb.zip', 'w', zipfile.ZIP_DEFLATED) as out:
            with out.open('zeros.wav', 'w', force_zip64=True) as hole:
                for _ in range(1024):
                    hole.write(bytes(1024 * 1024))
        code, told, aside = self.bring()
        self.check_good(told)
        for name, became, why in (
                ('greedy.m4a', 'recording', too_much),
                ('endless.flac', 'recording', 'reading it took longer than a file of its size may need'),
                ('silence.flac', 'recording', ''),
                ('half a day.amr', 'recording', ''),
                ('empty.m4a', 'left', 'it is no sound'),
                ('head.amr', 'recording', 'there is not one packet of sound in it'),
                ('rotten.m4a', 'recording', 'there is no sound in it')):
            self.assertEqual((told[name]['became'], told[name]['why']), (became, why), name)
        sentences = [line for line in aside.splitlines() if line]
        self.assertEqual(len(sentences), 1, aside)
        self.assertRegex(sentences[0], 'bomb.zip: what comes out of it is far more')
        self.assertEqual(code, 1)  # the bomb
        lengths = {json.loads(path.read_text())['attachments'][0]['body']['duration_ns'] // 10**9
                   for path in self.archive.glob('20*/*/*/*/call.vcon.json')}
        self.assertLessEqual({12 * 3600}, lengths)
        self.check_again(GOOD + 6)

    def kill(self, how, whom, times=1):
        """An import in which the reader of slow.flac, or all of naklank-media, is ended by a signal."""
        shutil.copy(self.root / 'slow.flac', self.source)
        process = self.start()
        killed = set()
        end = time.monotonic() + LIMIT_S
        while len(killed) < times and process.poll() is None and time.monotonic() < end:
            for media in children_of(process.pid):
                for reader, took_s in children_of(media).items():
                    victim = media if whom == 'media' else reader
                    if took_s > 0.15 and victim not in killed:
                        os.kill(victim, how)
                        killed.add(victim)
            time.sleep(0.02)
        self.assertEqual(len(killed), times)
        code, told, _ = self.end(process)
        self.check_good(told)
        return code, (told['slow.flac']['became'], told['slow.flac']['why'])

    def test_a_reader_that_is_killed_is_begun_again(self):
        self.assertEqual(self.kill(signal.SIGKILL, 'reader'), (0, ('recording', '')))
        self.check_again(GOOD + 1)

    def test_a_reader_that_is_killed_twice_leaves_its_file_for_the_next_time(self):
        self.assertEqual(self.kill(signal.SIGKILL, 'reader', 2), (1, (
            'failed', 'reading it was ended from outside, or the machine had no memory left')))
        code, told, _ = self.bring()
        self.assertEqual((code, told['slow.flac']['became']), (0, 'recording'))
        self.check_again(GOOD + 1)

    def test_a_reader_that_crashes_costs_its_file_alone(self):
        # A sanitizer takes the signal, and ends the reader in its own manner.
        why = 'reading it ended early' if HAS_SANITIZER else 'reading it made the reader crash'
        self.assertEqual(self.kill(signal.SIGSEGV, 'reader'), (0, ('recording', why)))
        self.check_again(GOOD + 1)

    def test_naklank_media_that_is_killed_is_started_again(self):
        self.assertEqual(self.kill(signal.SIGKILL, 'media'), (0, ('recording', '')))
        self.check_again(GOOD + 1)

    def test_a_file_that_grows_waits_until_it_is_done(self):
        growing = self.source / 'growing.wav'
        phone.tone(growing, 1234)
        whole = growing.read_bytes()
        growing.write_bytes(whole * 2000)
        done = threading.Event()

        def grow():
            with open(growing, 'ab', buffering=0) as out:
                while not done.is_set():
                    out.write(whole[:64])
        writer = threading.Thread(target=grow)
        writer.start()
        code, told, _ = self.bring()
        done.set()
        writer.join()
        self.check_good(told)
        self.assertEqual((code, told['growing.wav']['became']), (1, 'failed'))
        self.assertRegex(told['growing.wav']['why'], 'changed while it was read; bring it again')
        self.assertEqual(len(list(self.archive.glob('20*/*/*/*'))), GOOD)
        code, told, _ = self.bring()
        self.assertEqual((code, told['growing.wav']['became']), (0, 'recording'))
        self.check_again(GOOD + 1)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
