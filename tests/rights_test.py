#!/usr/bin/env python3
"""An archive read by a user who may not write into it, or not look everywhere.

    rights_test.py NAKLANK CAPTURE     77 when this is not root, who alone can be another user
"""

import json
import os
import pathlib
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import unittest

NAKLANK = CAPTURE = ''
NOBODY = 65534
DAY = 24 * 60 * 60


def a_day_later(capture):
    """The same classic capture file, its packets' times moved on."""
    data = bytearray(pathlib.Path(capture).read_bytes())
    order = '<' if data[:4] in (b'\xd4\xc3\xb2\xa1', b'\x4d\x3c\xb2\xa1') else '>'
    at = 24
    while at < len(data):
        seconds, _, length = struct.unpack_from(order + 'III', data, at)
        struct.pack_into(order + 'I', data, at, seconds + DAY)
        at += 16 + length
    return bytes(data)


class Rights(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        os.chmod(self.folder.name, 0o755)
        self.root = pathlib.Path(self.folder.name)
        self.archive = self.root / 'archive'
        self.program = shutil.copy(NAKLANK, self.root)
        later = self.root / 'later.pcap'
        later.write_bytes(a_day_later(CAPTURE))
        self.first = self.record(CAPTURE)
        self.second = self.record(later)

    def tearDown(self):
        self.folder.cleanup()

    def record(self, capture):
        done = subprocess.run([NAKLANK, 'record', '--read', capture, '--archive', self.archive,
                               '--json'], capture_output=True, check=True)
        return json.loads(done.stdout)[0]['id']

    def as_nobody(self, *arguments):
        """Who is in the files' group and so may read them."""
        return subprocess.run([self.program, *arguments, '--archive', self.archive], cwd='/',
                              user=NOBODY, group=0, extra_groups=[], capture_output=True, text=True)

    def day_of(self, id):
        return self.archive / id[:4] / id[4:6] / id[6:8]

    def listed(self):
        answer = self.as_nobody('list', '--json')
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return [entry['id'] for entry in json.loads(answer.stdout)], answer.stderr

    def test_a_day_that_cannot_be_listed_stops_no_look_at_the_others(self):
        day = self.day_of(self.first)
        for mode in (0o710, 0o700):  # what is in it can be read by its name; nothing can
            os.chmod(day, mode)
            verified = self.as_nobody('verify', '--all', '--json')
            self.assertEqual(verified.returncode, 1, verified.stderr)
            answer = json.loads(verified.stdout)
            self.assertEqual((answer['checked'], answer['wrong']), (1, []))
            self.assertEqual(len(answer['unlistable']), 1)
            self.assertIn(str(day), answer['unlistable'][0])
            self.assertIn(str(day), verified.stderr)
            short = self.second[-6:]
            for command in (['show', short], ['verify', short],
                            ['export', short, '-o', '-', '--format', 'json']):
                answer = self.as_nobody(*command)
                self.assertEqual(answer.returncode, 0, answer.stderr)
                self.assertIn(str(day), answer.stderr)
            unseen = self.as_nobody('show', self.first[-6:])
            self.assertEqual(unseen.returncode, 2)
            self.assertIn(str(day), unseen.stderr)

    def test_what_a_running_recorder_wrote_last_is_read(self):
        with sqlite3.connect(self.archive / 'catalogue.sqlite') as recorder:
            recorder.execute('DELETE FROM recordings WHERE id = ?', (self.first,))
            recorder.commit()
            self.assertTrue((self.archive / 'catalogue.sqlite-wal').stat().st_size)
            self.assertEqual(self.listed(), ([self.second], ''))
        recorder.close()
        self.assertEqual(self.listed(), ([self.second], ''))

    def test_a_log_that_cannot_be_read_sends_to_the_recordings(self):
        copy = self.root / 'copy'
        copy.mkdir()
        with sqlite3.connect(self.archive / 'catalogue.sqlite') as recorder:
            recorder.execute('DELETE FROM recordings WHERE id = ?', (self.first,))
            recorder.commit()
            shutil.copy(self.archive / 'catalogue.sqlite-wal', copy)
        recorder.close()
        shutil.copy(copy / 'catalogue.sqlite-wal', self.archive)
        ids, said = self.listed()
        self.assertEqual(ids, [self.first, self.second])
        self.assertIn('this is from the recordings', said)

    def test_a_catalogue_that_may_not_be_read_is_neither_replaced_nor_sent_to_rebuild(self):
        path = self.archive / 'catalogue.sqlite'
        os.chmod(self.archive, 0o770)
        for mode in (0o600, 0o640):
            os.chmod(path, mode)
            before = path.read_bytes()
            rebuilt = self.as_nobody('rebuild')
            self.assertEqual(rebuilt.returncode, 1, rebuilt.stderr)
            self.assertIn('needs more rights', rebuilt.stderr)
            self.assertEqual((path.read_bytes(), path.stat().st_uid), (before, 0))
        os.chmod(path, 0o600)
        for command in (['list'], ['verify', '--all']):
            answer = self.as_nobody(*command)
            self.assertEqual(answer.returncode, 1)
            self.assertIn('needs more rights', answer.stderr)
            self.assertNotIn('naklank rebuild', answer.stderr)


if __name__ == '__main__':
    NAKLANK, CAPTURE = map(os.path.abspath, sys.argv[1:3])
    if os.geteuid() != 0:
        print('only root can be another user')
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
