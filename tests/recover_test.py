#!/usr/bin/env python3
"""What `naklank recover` and `record` say and do about journals that a killed recorder left.

    recover_test.py NAKLANK GENERATE SAMPLE
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

NAKLANK, GENERATE, SAMPLE = sys.argv[1:4]
CALLS = 6
LIMIT_S = 30
SEGMENT = '0000000001.journal'
CALL_BEGINS = b'NKB1\x01'  # a block's head
SOUND, ENDS, SEALED = 2, 4, 5  # kinds of blocks


def naklank(*words):
    return subprocess.run([NAKLANK, *map(str, words)], capture_output=True, text=True,
                          timeout=LIMIT_S)


class Left(unittest.TestCase):
    """Each test begins with an archive in which a recorder was killed while six calls ran."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        capture = cls.root / 'calls.pcap'
        subprocess.run([GENERATE, '--calls', str(CALLS), '--seconds', '20', '--codec', 'PCMA', '-o',
                        capture], check=True, timeout=LIMIT_S, stdout=subprocess.DEVNULL)
        data = capture.read_bytes()
        cls.head = data[:24]  # a capture file that has no packet yet
        cls.left = cls.root / 'left'
        with subprocess.Popen([NAKLANK, 'record', '--read', '-', '--archive', cls.left, '--quiet'],
                              stdin=subprocess.PIPE) as recorder:
            recorder.stdin.write(data[:len(data) // 2])
            recorder.stdin.flush()
            until = time.monotonic() + LIMIT_S
            while sum(path.stat().st_size for path in cls.left.glob('.journal/*/*')) < len(data) / 4:
                assert time.monotonic() < until, 'nothing came into the journal'
                time.sleep(0.05)
            recorder.kill()
            recorder.stdin.close()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.archive = self.root / 'archive'
        shutil.rmtree(self.archive, ignore_errors=True)
        shutil.copytree(self.left, self.archive)
        self.journals = self.archive / '.journal'
        self.run, = self.journals.iterdir()
        self.calls = (self.run / SEGMENT).read_bytes().count(CALL_BEGINS)
        self.assertGreater(self.calls, 2)

    def recover(self, *words):
        return naklank('recover', '--archive', self.archive, *words)

    def listed(self):
        return len(json.loads(naklank('list', '--archive', self.archive, '--json').stdout))

    def spoil_the_second_call(self):
        """Rots the block in which the second call begins; what the segment was."""
        segment = self.run / SEGMENT
        whole = segment.read_bytes()
        data = bytearray(whole)
        at = -1
        for _ in range(2):
            at = data.index(CALL_BEGINS, at + 1)
        data[at + 48] ^= 0xff
        segment.write_bytes(data)
        return whole

    def test_tells_of_what_it_could_not_read_once(self):
        whole = self.spoil_the_second_call()
        first = self.recover()
        self.assertEqual(first.returncode, 1, first.stderr)
        aside = self.journals / 'set-aside' / self.run.name
        self.assertIn(str(aside), first.stderr)
        self.assertEqual(self.listed(), self.calls - 1)
        self.assertEqual([path.name for path in self.journals.iterdir()], ['set-aside'])
        for later in (self.recover(),
                      naklank('record', '--archive', self.archive, '--read', SAMPLE, '--quiet')):
            self.assertEqual(later.returncode, 0, later.stderr)
            self.assertEqual(later.stderr.count('\n'), 1, later.stderr)
            self.assertIn(str(aside), later.stderr)
        self.assertEqual(self.listed(), self.calls)  # and the sample
        # Mended and moved back, it is tried again, and a person's to remove.
        aside.rename(self.run)
        (self.run / SEGMENT).write_bytes(whole)
        mended = self.recover()
        self.assertEqual(mended.returncode, 0, mended.stderr)
        self.assertIn('can be read whole now', mended.stderr)
        self.assertEqual(self.listed(), self.calls + 1)
        self.assertEqual((aside / SEGMENT).read_bytes(), whole)
        shutil.rmtree(aside)
        again = self.recover()
        self.assertEqual((again.returncode, again.stderr), (0, ''))

    def sound_of_a_call_that_was_running(self, data):
        """Where the second block of sound begins of a call that had no recording yet.

        One that had ended may have one, though the journal was not told before the kill.
        """
        blocks = [(match.start(), data[match.start() + 4], data[match.start() + 8:match.start() + 16])
                  for match in re.finditer(re.escape(b'NKB1'), data)]
        over = {call for _, kind, call in blocks if kind in (ENDS, SEALED)}
        running = [(at, call) for at, kind, call in blocks if kind == SOUND and call not in over]
        return [at for at, call in running if call == running[0][1]][1]

    def test_seals_anew_what_can_be_read_after_all(self):
        segment = self.run / SEGMENT
        whole = segment.read_bytes()
        data = bytearray(whole)
        data[self.sound_of_a_call_that_was_running(whole) + 48] ^= 0xff
        segment.write_bytes(data)
        self.assertEqual(self.recover().returncode, 1)
        self.assertEqual(self.listed(), self.calls)
        aside = self.journals / 'set-aside' / self.run.name
        for further in (1, 0):
            aside.rename(self.run)
            segment.write_bytes(whole)
            answer = self.recover('--json')
            self.assertEqual(answer.returncode, 0, answer.stderr)
            told = json.loads(answer.stdout)
            self.assertEqual((len(told['recordings']), len(told['further']), len(told['kept'])),
                             (further, further, 1))
            self.assertEqual(self.listed(), self.calls + 1)
        self.assertEqual(naklank('verify', '--all', '--archive', self.archive).returncode, 0)

    def test_recovers_what_lies_beside_a_stranger(self):
        (self.run / 'done').touch()
        os.mkfifo(self.run / '0000000002.journal')
        (self.run / '0000000003.journal').symlink_to(self.root / 'calls.pcap')
        (self.run / '0000000004.journal').mkdir()
        first = self.recover()
        self.assertEqual(first.returncode, 1, first.stderr)
        for number in '234':
            self.assertIn(f'000000000{number}.journal is no plain file', first.stderr)
        self.assertEqual(self.listed(), self.calls)
        again = self.recover()
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(again.stderr.count('\n'), 1, again.stderr)

    def test_scans_no_more_than_a_segment_holds(self):
        with open(self.run / SEGMENT, 'r+b') as segment:
            segment.truncate(100 * 1024 ** 3)  # it takes no room
        answer = self.recover()
        self.assertEqual(answer.returncode, 1, answer.stderr)
        self.assertIn('more than a segment holds', answer.stderr)
        self.assertEqual(self.listed(), self.calls)

    def test_follows_no_link_to_a_run(self):
        outside = self.root / 'outside'
        shutil.rmtree(outside, ignore_errors=True)
        self.run.rename(outside)
        self.run.symlink_to(outside)
        before = sorted(path.name for path in outside.iterdir())
        listed = self.listed()
        answer = self.recover()
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn(f'{self.run} is not of the journal', answer.stderr)
        self.assertEqual(self.listed(), listed)
        self.assertEqual(sorted(path.name for path in outside.iterdir()), before)

    def test_leaves_what_is_not_of_the_journal(self):
        letter = self.run / 'letter.txt'
        letter.write_text('keep me')
        first = self.recover()
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertIn(f'{letter} is not of the journal', first.stderr)
        self.assertEqual(list(self.run.iterdir()), [letter])
        again = self.recover()
        self.assertEqual((again.returncode, again.stderr), (0, ''))
        self.assertEqual(letter.read_text(), 'keep me')

    def test_tells_of_journals_that_it_may_not_take_up(self):
        if os.geteuid() != 0 or subprocess.run(['mount', '-t', 'tmpfs', 'tmpfs', self.archive],
                                               capture_output=True).returncode != 0:
            self.skipTest('no file system can be mounted here')
        try:
            shutil.copytree(self.left, self.archive, dirs_exist_ok=True)
            naklank('record', '--archive', self.archive, '--read', SAMPLE, '--quiet')
            shutil.copytree(self.left / '.journal', self.archive / '.journal', dirs_exist_ok=True)
            subprocess.run(['mount', '-o', 'remount,ro', self.archive], check=True)
            answer = self.recover()
            self.assertEqual(answer.returncode, 1)
            self.assertEqual(answer.stderr.count('\n'), 1, answer.stderr)
            self.assertIn('a run in', answer.stderr)
            for command in (['list'], ['verify', '--all']):
                answer = naklank(*command, '--archive', self.archive)
                self.assertIn('a recorder was cut off', answer.stderr)
        finally:
            subprocess.run(['umount', self.archive], check=True)

    def test_tells_a_left_journal_from_that_of_a_running_recorder(self):
        with subprocess.Popen([NAKLANK, 'record', '--read', '-', '--archive', self.archive,
                               '--quiet'], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL) as recorder:
            recorder.stdin.write(self.head)
            recorder.stdin.flush()
            until = time.monotonic() + LIMIT_S
            while self.run.exists() or not list(self.journals.glob('*/lock')):
                self.assertLess(time.monotonic(), until)
                time.sleep(0.02)
            self.assertEqual(naklank('list', '--archive', self.archive).stderr, '')
            for name in ('20260101T000000Z-aaaaaa', '20260101T000000Z-bbbbbb'):
                shutil.copytree(self.left / '.journal' / self.run.name, self.journals / name)
            for command in (['list'], ['verify', '--all']):
                answer = naklank(*command, '--archive', self.archive)
                self.assertIn('in 2 journals', answer.stderr)
            answer = self.recover()
            self.assertEqual(answer.returncode, 0, answer.stderr)
            self.assertIn('belongs to a recorder that is running', answer.stderr)
            self.assertEqual(naklank('list', '--archive', self.archive).stderr, '')
            recorder.stdin.close()


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
