#!/usr/bin/env python3
"""The bash completion as a person at a terminal meets it: an interactive bash, and the key Tab."""

import argparse
import os
import pathlib
import pty
import select
import subprocess
import sys
import tempfile
import time
import unittest

ARGS = None
SAMPLE = pathlib.Path(__file__).resolve().parent.parent / 'samples/appointment.pcap'
PATIENCE_S = 30


class Terminal:
    """An interactive bash in `home` that has read the completion script."""

    def __init__(self, home, script):
        self.home = home
        child, self.descriptor = pty.fork()
        if child == 0:
            os.chdir(home)
            path = f'{ARGS.naklank.parent}:{os.environ["PATH"]}'
            os.execve('/bin/bash', ['bash', '--norc', '--noprofile', '-i'],
                      {'HOME': str(home), 'PATH': path, 'TERM': 'dumb', 'INPUTRC': '/dev/null',
                       'LC_ALL': 'C.UTF-8'})
        self.child = child
        self.type(f'bind "set bell-style none"; . {script}; PS1=; touch ready\n')
        self.wait_for(home / 'ready')

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def wait_for(self, path):
        began = time.monotonic()
        while not path.exists():
            if time.monotonic() - began > PATIENCE_S:
                raise AssertionError(f'{path} did not appear')
            self.drain()

    def drain(self):
        if select.select([self.descriptor], [], [], 0.01)[0]:
            os.read(self.descriptor, 65536)

    def complete(self, line, end='@'):
        """The words the line has after Tab and `end`, as the command would get them."""
        told = self.home / 'told'
        told.unlink(missing_ok=True)
        # A function of the program's name tells its words.
        self.type(f'naklank() {{ [[ $1 == __complete ]] && {{ command naklank "$@"; return; }}; '
                  f'printf "%s\\n" "$@" > told.new; mv told.new told; }}\n')
        self.type(f'{line}\t{end}\n')
        self.wait_for(told)
        return told.read_text().splitlines()

    def close(self):
        os.close(self.descriptor)
        os.waitpid(self.child, 0)


class BashCompletion(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.home = pathlib.Path(self.folder.name)
        subprocess.run([ARGS.naklank, 'record', '--quiet', '--read', SAMPLE, '--archive',
                        self.home / 'my calls'], check=True)
        script = self.home / 'naklank.bash'
        script.write_bytes(subprocess.run([ARGS.naklank, 'completion', 'bash'], check=True,
                                          capture_output=True).stdout)
        self.id = next((self.home / 'my calls').glob('2*/*/*/*')).name
        self.terminal = Terminal(self.home, script)

    def tearDown(self):
        self.terminal.close()
        self.folder.cleanup()

    def completes(self, line, *words, **options):
        said = self.terminal.complete(line, **options)
        self.assertEqual(said[-len(words):], list(words), line)

    def test_paths(self):
        (self.home / 'the capture.pcap').touch()
        (self.home / 'captures').mkdir()
        (self.home / 'captures/one.pcap').touch()
        self.completes('naklank record --read the', 'the capture.pcap', '@')
        self.completes('naklank record --read cap', 'captures/@')  # a slash and no blank
        self.completes('naklank list --archive my', 'my calls/@')
        self.completes('naklank list --archive ~/my', f'{self.home}/my calls/@')
        self.completes('naklank list --archive "my c', 'my calls/@')

    def test_ids(self):
        last = self.id.rpartition('-')[2]
        for archive in ('my\\ calls', '~/my\\ calls', '"my calls"', "'my calls'"):
            for begin, whole in ((self.id[:10], self.id), (last[:4], last)):
                self.completes(f'naklank show --archive {archive} {begin}', whole, '@')


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--naklank', type=lambda path: pathlib.Path(path).resolve(), required=True)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
