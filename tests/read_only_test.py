#!/usr/bin/env python3
"""An archive on a read-only disk, as a court gets it: everything that reads it works, whatever state
the catalogue was copied in.

    read_only_test.py NAKLANK CAPTURE     77 when nothing can be mounted here
"""

import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

NAKLANK = CAPTURE = ''
MOUNT = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'


def can_mount():
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(['unshare', '-m', 'bash', '-c', MOUNT, folder, 'true'],
                               capture_output=True)
        return tried.returncode == 0


class ReadOnly(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        # A name that a URI would have to escape.
        self.archive = pathlib.Path(self.folder.name) / "100%? of it #1"
        done = subprocess.run([NAKLANK, 'record', '--read', CAPTURE, '--archive', self.archive,
                               '--json'], capture_output=True, check=True)
        self.id = json.loads(done.stdout)[0]['id']

    def tearDown(self):
        self.folder.cleanup()

    def naklank(self, *arguments):
        return subprocess.run(['unshare', '-m', 'bash', '-c', MOUNT, self.archive, NAKLANK,
                               *arguments, '--archive', self.archive],
                              capture_output=True, text=True, cwd='/')

    def files(self):
        return sorted(os.listdir(self.archive))

    def check_all(self):
        before = self.files()
        listed = self.naklank('list', '--json')
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertEqual([entry['id'] for entry in json.loads(listed.stdout)], [self.id])
        for command in (['show', self.id], ['verify', self.id], ['verify', '--all'],
                        ['export', self.id, '-o', f'{self.folder.name}/', '--force']):
            answer = self.naklank(*command)
            self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
            self.assertNotIn('rebuild', answer.stderr)
        self.assertEqual(self.files(), before)
        return listed.stderr

    def leave_a_log(self):
        """The catalogue of a recorder that was killed: rows in the log alone."""
        copy = pathlib.Path(self.folder.name) / 'copy'
        copy.mkdir()
        with sqlite3.connect(self.archive / 'catalogue.sqlite') as catalogue:
            catalogue.executescript('CREATE TABLE passing (x); DROP TABLE passing')
            for file in self.archive.glob('catalogue.sqlite*'):
                shutil.copy(file, copy)
        catalogue.close()
        for file in copy.iterdir():
            shutil.copy(file, self.archive)
        self.assertIn('catalogue.sqlite-wal', self.files())

    def test_is_listed_shown_verified_and_exported(self):
        self.assertEqual(self.check_all(), '')

    def test_is_read_with_the_log_of_a_recorder_that_was_cut_off(self):
        self.leave_a_log()
        self.assertEqual(self.check_all(), '')

    def test_is_read_from_the_recordings_when_the_log_cannot_be(self):
        self.leave_a_log()
        (self.archive / 'catalogue.sqlite-shm').unlink()
        self.assertIn('this is from the recordings', self.check_all())

    def test_is_read_from_the_recordings_when_there_is_no_catalogue(self):
        (self.archive / 'catalogue.sqlite').unlink()
        self.assertIn('this is from the recordings', self.check_all())

    def test_is_not_rebuilt_and_says_why(self):
        answer = self.naklank('rebuild')
        self.assertEqual(answer.returncode, 2)
        self.assertIn('cannot be written', answer.stderr)


if __name__ == '__main__':
    NAKLANK, CAPTURE = map(os.path.abspath, sys.argv[1:3])
    if not can_mount():
        print('cannot mount anything here')
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
