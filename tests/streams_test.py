#!/usr/bin/env python3
"""No message ends a recording: what cannot be said on standard error is not said.

    streams_test.py NAKLANK CAPTURE"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

NAKLANK, CAPTURE = sys.argv[1:3]
DEADLINE_S = 30


class Streams(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.archive = pathlib.Path(self.folder.name) / 'archive'

    def tearDown(self):
        self.folder.cleanup()

    def record_and_check(self, redirection):
        """Records the sample with the shell's redirection; it must be there whole, and nothing of it
        be left in a journal."""
        done = subprocess.run(
            ['bash', '-c', f'exec "$0" record --read "$1" --archive "$2" {redirection}', NAKLANK,
             CAPTURE, str(self.archive)], stdout=subprocess.DEVNULL, timeout=DEADLINE_S)
        self.assertIn(done.returncode, (0, 1))  # 1: its output could not be written
        checked = subprocess.run([NAKLANK, 'verify', '--all', '--archive', str(self.archive)],
                                 capture_output=True, text=True, timeout=DEADLINE_S)
        self.assertEqual(checked.stdout.split(',')[0], '1 recording checked', checked.stderr)
        self.assertEqual(checked.returncode, 0, checked.stdout)
        self.assertEqual(list(self.archive.glob('.journal/*')), [])

    def test_error_output_that_takes_nothing(self):
        self.record_and_check('2>/dev/full')

    def test_error_output_whose_reader_is_gone(self):
        self.record_and_check('2> >(exec true)')

    def test_streams_that_are_closed(self):
        self.record_and_check('<&- >&- 2>&-')

    def test_no_file_takes_the_place_of_a_closed_stream(self):
        """A live recorder whose streams were closed has nothing but /dev/null there."""
        if os.geteuid() != 0:
            self.skipTest('capturing needs root')
        command = 'ip link set lo up && exec "$0" record --interface lo --basis own-line --archive "$1"'
        recorder = subprocess.Popen(
            ['unshare', '--net', 'bash', '-c', command + ' <&- >&- 2>&-', NAKLANK,
             str(self.archive)])
        try:
            until = time.monotonic() + DEADLINE_S
            while not list(self.archive.glob('.journal/*/lock')):
                self.assertLess(time.monotonic(), until)
                self.assertIsNone(recorder.poll())
                time.sleep(0.05)
            for number in range(3):
                self.assertEqual(os.readlink(f'/proc/{recorder.pid}/fd/{number}'), '/dev/null')
            recorder.send_signal(signal.SIGHUP)  # its terminal went away
            self.assertEqual(recorder.wait(DEADLINE_S), 0)
        finally:
            if recorder.poll() is None:
                recorder.kill()
                recorder.wait()


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
