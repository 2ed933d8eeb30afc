#!/usr/bin/env python3
"""`make install`: everything lies where its readers look, and no document points at nothing."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        house = pathlib.Path(cls.folder.name) / 'house'
        release = house / 'build/release'
        release.mkdir(parents=True)
        for entry in ROOT.iterdir():
            if entry.name not in ('build', 'web', '.git'):
                (house / entry.name).symlink_to(entry)
        for name in ('naklank', 'naklank-decode', 'naklank-media'):
            (release / name).write_text('#!/bin/sh\n')
            (release / name).chmod(0o755)
        cls.prefix = pathlib.Path(cls.folder.name) / 'out/opt/naklank'
        done = subprocess.run([house / 'packaging/install', '/opt/naklank'], capture_output=True,
                              text=True, timeout=60,
                              env=os.environ | {'DESTDIR': f'{cls.folder.name}/out'})
        assert done.returncode == 0, done.stderr
        cls.said = done.stdout

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_the_helpers_lie_beside_each_other(self):
        for name in ('bin/naklank', 'libexec/naklank/naklank-decode', 'libexec/naklank/naklank-media'):
            self.assertTrue(os.access(self.prefix / name, os.X_OK), name)

    def test_no_document_points_at_nothing(self):
        documents = sorted((self.prefix / 'share/doc/naklank').rglob('*.md'))
        names = {document.name for document in documents}
        self.assertLessEqual({'README.md', 'SIPREC.md', 'WINDOW.md', 'SECURITY.md', 'nl.md'}, names)
        count = 0
        for document in documents:
            for link in re.findall(r'\]\(([^)#\s]+)', document.read_text()):
                if not link.startswith(('http:', 'https:', 'mailto:')):
                    count += 1
                    self.assertTrue((document.parent / link).exists(), f'{document}: {link}')
        self.assertGreater(count, 30)

    def test_what_comes_next_can_be_pasted(self):
        self.assertIn('naklank doctor --config /etc/naklank/serve.toml --archive /var/lib/naklank',
                      self.said)
        example = re.search(r'install -D \S+ \d+ -g naklank (\S+)', self.said)[1]
        self.assertTrue(pathlib.Path(f'{self.folder.name}/out{example}').exists(), example)


if __name__ == '__main__':
    unittest.main()
