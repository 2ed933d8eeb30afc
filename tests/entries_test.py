#!/usr/bin/env python3
"""./run and ./test as a person meets them, in a folder where neither can build or install."""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Plays the program: `record` makes a recording's folder, `show ID` wants it to be there.
NAKLANK = r"""#!/bin/bash
folder="build/sample-archive/2026/03/02/20260302T090001Z-k3v9qd"
case $1 in
    record) mkdir -p "$folder" && touch "$folder/audio.flac" ;;
    serve) mkdir -p "$3/.state"; echo 'http://127.0.0.1:8060/opzetten?code=once' > "$3/.state/set-up-link"; exec sleep 30 ;;
    show) [ "$2" = --archive ] && [ -e "$3/2026/03/02/$4/audio.flac" ] && echo "shown $4" ;;
esac
"""


class Entries(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name) / 'a house'
        self.root.mkdir()
        for name in ('run', 'test'):
            shutil.copy(ROOT / name, self.root / name)

    def tearDown(self):
        self.folder.cleanup()

    def start(self, *arguments, **options):
        return subprocess.run(arguments, capture_output=True, text=True, timeout=60, **options)

    def pretend_it_is_built(self):
        for name in ('src', 'helpers', 'bench/generate', 'samples', 'build/release', 'web/dist',
                     'web/src', 'web/public', 'api'):
            (self.root / name).mkdir(parents=True)
        for name in ('CMakeLists.txt', 'CMakePresets.json', 'VERSION',
                     'samples/appointment.pcap', 'web/index.html', 'web/package.json',
                     'web/dist/index.html'):
            (self.root / name).touch()
            os.utime(self.root / name, (0, 0))
        program = self.root / 'build/release/naklank'
        program.write_text(NAKLANK)
        program.chmod(0o755)

    def test_help_says_what_the_tests_do_and_does_not_begin(self):
        for option in ('-h', '--help'):
            answer = self.start(self.root / 'test', option)
            self.assertEqual(answer.returncode, 0, answer.stderr)
            self.assertIn('25 minutes', answer.stdout)
            self.assertNotIn('==', answer.stdout)

    def test_refuses_any_other_argument(self):
        for arguments in (['frob'], [''], ['frob', '--help']):
            answer = self.start(self.root / 'test', *arguments)
            self.assertEqual(answer.returncode, 2, arguments)
            self.assertIn('--help', answer.stderr)
            self.assertEqual(answer.stdout, '')

    def test_begins_without_arguments(self):
        answer = self.start(self.root / 'test')
        self.assertIn('== packages', answer.stdout)
        self.assertIn('install-packages', answer.stderr)  # not in this folder, so it ends here

    def test_the_hint_of_run_can_be_pasted(self):
        self.pretend_it_is_built()
        ran = self.start(self.root / 'run', '--once', cwd='/')
        self.assertEqual(ran.returncode, 0, ran.stderr)
        hints = [line for line in ran.stdout.splitlines() if line.startswith('Look closer:')]
        self.assertEqual(len(hints), 1, ran.stdout)
        pasted = self.start('bash', '-c', hints[0].split(':', 1)[1], cwd='/')
        self.assertEqual(pasted.stdout, 'shown 20260302T090001Z-k3v9qd\n', pasted.stderr)

    def test_run_opens_the_window_and_says_where_until_it_is_stopped(self):
        self.pretend_it_is_built()
        with socket.socket() as other:
            other.bind(('127.0.0.1', 0))
            at = f'127.0.0.1:{other.getsockname()[1]}'
        ran = subprocess.Popen([self.root / 'run'], stdout=subprocess.PIPE, text=True, cwd='/',
                               env=os.environ | {'HTTP': at})
        said = ''
        while 'Ctrl-C' not in said:
            line = ran.stdout.readline()
            self.assertTrue(line, said)
            said += line
        self.assertIn('http://127.0.0.1:8060/opzetten?code=once', said)
        ran.terminate()
        self.assertEqual(ran.wait(20), 0)
        ran.stdout.close()

    def test_run_looks_at_its_address_before_it_builds(self):
        for wrong in ('8899', '127.0.0.1', '127.0.0.1:99999', 'recorder:80x', ':8899', 'http://a:1'):
            answer = self.start(self.root / 'run', env=os.environ | {'HTTP': wrong})
            self.assertEqual(answer.returncode, 1, wrong)
            self.assertEqual(answer.stderr, 'HTTP is an address and a port, such as '
                             f'HTTP=127.0.0.1:8899, not "{wrong}".\n')
        with socket.socket() as other:
            other.bind(('127.0.0.1', 0))
            other.listen()
            port = other.getsockname()[1]
            for host in ('127.0.0.1', 'localhost', '0.0.0.0'):
                answer = self.start(self.root / 'run', env=os.environ | {'HTTP': f'{host}:{port}'})
                self.assertEqual(answer.returncode, 1)
                self.assertIn(f'{host}:{port} is taken already', answer.stderr)
                suggested = re.search(rf'HTTP={host}:(\d+) ./run', answer.stderr)
                self.assertNotEqual(int(suggested[1]), port)
        answer = self.start(self.root / 'run', env=os.environ | {'HTTP': f'127.0.0.1:{port}'})
        self.assertIn('install-packages', answer.stderr)  # it is free now, so the build begins


if __name__ == '__main__':
    unittest.main()
