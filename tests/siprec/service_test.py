#!/usr/bin/env python3
"""`naklank serve` as a service manager has it, and `naklank doctor`, who looks before.

    service_test.py NAKLANK
"""

import ctypes
import ctypes.util
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import warnings

import recording_client as siprec

NAKLANK = ''
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
UNIT = ROOT / 'packaging/naklank.service'
EXAMPLE = ROOT / 'packaging/serve.toml'
# What keeps a service in its place; a unit without one of them is weaker than what the manual says.
HARDENING = {
    'Type': 'notify', 'NoNewPrivileges': 'yes', 'ProtectSystem': 'strict', 'ProtectHome': 'yes',
    'StateDirectory': 'naklank', 'CapabilityBoundingSet': '', 'MemoryDenyWriteExecute': 'yes',
    'SystemCallFilter': '@system-service seccomp', 'KillMode': 'mixed', 'Restart': 'on-failure',
    'RestrictAddressFamilies': 'AF_INET AF_INET6 AF_UNIX', 'PrivateDevices': 'yes',
    'RestrictNamespaces': 'yes', 'LockPersonality': 'yes'}


def settings_of_unit():
    return dict(line.split('=', 1) for line in UNIT.read_text().splitlines()
                if '=' in line and not line.startswith('#'))


def system_calls(group):
    """The names in a group of systemd's, those within it too."""
    text = subprocess.run(['systemd-analyze', 'syscall-filter', group], capture_output=True,
                          text=True, check=True).stdout
    names = set()
    for line in text.splitlines()[1:]:
        word = line.strip()
        if word.startswith('@'):
            names |= system_calls(word)
        elif word and not word.startswith('#'):
            names.add(word)
    return names


class Comparison(ctypes.Structure):
    _fields_ = [('arg', ctypes.c_uint), ('op', ctypes.c_int), ('a', ctypes.c_uint64),
                ('b', ctypes.c_uint64)]


def take_on(names):
    """In the child: the filters that the unit's settings make (systemd.exec(5))."""
    allow, refuse, masked_equal, prot_wx = 0x7FFF0000, 0x00050000 | 1, 7, 6
    library = ctypes.CDLL('libseccomp.so.2')
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = [ctypes.c_uint32]
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    library.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]
    writable = library.seccomp_init(allow)  # MemoryDenyWriteExecute=
    for name, mask in ((b'mmap', prot_wx), (b'mprotect', 4), (b'pkey_mprotect', 4)):
        rule = Comparison(2, masked_equal, mask, mask)
        library.seccomp_rule_add_array(writable, refuse, library.seccomp_syscall_resolve_name(name),
                                       1, ctypes.byref(rule))
    known = library.seccomp_init(refuse)  # SystemCallFilter=
    for name in names:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            library.seccomp_rule_add_array(known, allow, number, 0, None)
    if library.seccomp_load(writable) != 0 or library.seccomp_load(known) != 0:
        os._exit(99)


class Manager:
    """The socket that a service manager listens on."""

    def __init__(self, folder):
        self.path = f'{folder}/notify'
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)

    def wait_for(self, word, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.socket.settimeout(max(until - time.monotonic(), 0.01))
            try:
                if self.socket.recv(4096).decode() == word:
                    return True
            except socket.timeout:
                break
        return False


class Service(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.archive = pathlib.Path(self.folder.name) / 'archive'
        warnings.simplefilter('ignore', ResourceWarning)  # the client's sockets and pipes

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        path = pathlib.Path(self.folder.name) / name
        path.write_text(text)
        return path

    def doctor(self, *options):
        done = subprocess.run([NAKLANK, 'doctor', '--json', '--archive', self.archive,
                               *map(str, options)], capture_output=True, text=True)
        checks = json.loads(done.stdout)['checks'] if done.stdout else []
        return done.returncode, {check['subject']: check for check in checks}, done.stderr

    def test_tells_its_manager_when_it_is_ready_alive_and_stopping(self):
        manager = Manager(self.folder.name)
        self.addCleanup(manager.socket.close)
        process = subprocess.Popen(
            [NAKLANK, 'serve', '--siprec', 'udp:127.0.0.1:0', '--basis', 'company',
             '--archive', self.archive], stderr=subprocess.DEVNULL,
            env={**os.environ, 'NOTIFY_SOCKET': manager.path})
        try:
            self.assertTrue(manager.wait_for('READY=1', 20))
            self.assertTrue(manager.wait_for('WATCHDOG=1', 10))
            process.send_signal(signal.SIGTERM)
            self.assertTrue(manager.wait_for('STOPPING=1', 10))
            self.assertEqual(process.wait(20), 0)
        finally:
            process.kill()
            process.wait()

    def test_reads_its_options_from_a_file_and_lets_the_command_line_win(self):
        config = self.write('serve.toml', '# a comment\n'
                            'siprec = ["udp:127.0.0.1:0", "tcp:127.0.0.1:0"]\n'
                            'allow = ["127.0.0.1", "10.0.0.0/8"]  # both\n'
                            'basis = "nobody\'s"\nhttp = "127.0.0.1:0"\njson = false\n')
        with siprec.Recorder(NAKLANK, self.archive, '--config', config) as recorder:
            self.assertEqual(set(recorder.listening), {'udp', 'tcp', 'http'})
            self.assertEqual(recorder.stop(), 0)

    def test_names_in_its_log_who_is_not_allowed_and_that_there_is_no_window(self):
        with siprec.Recorder(NAKLANK, self.archive, '--siprec', 'udp:127.0.0.1:0,tcp:127.0.0.1:0',
                             '--allow', '192.0.2.20') as recorder:
            recorder.wait_for_line(' no-window ', '--http 127.0.0.1:8060')
            with socket.create_connection(recorder.address('tcp'), timeout=10) as stranger:
                self.assertEqual(stranger.recv(100), b'')  # closed without a word
            recorder.wait_for_line('127.0.0.1 is not in --allow: its connection is closed')
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                stranger.connect(recorder.address('udp'))
                stranger.settimeout(10)
                for number in range(3):
                    stranger.send(
                        f'OPTIONS sip:recorder@127.0.0.1 SIP/2.0\r\n'
                        f'Via: SIP/2.0/UDP 127.0.0.1:{stranger.getsockname()[1]};branch=z9hG4bK'
                        f'{number}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n'
                        f'Call-ID: stranger\r\nCSeq: {number} OPTIONS\r\n\r\n'.encode())
                    self.assertIn(b'SIP/2.0 403', stranger.recv(2000))
            recorder.wait_for_line('127.0.0.1 is not in --allow: what it asks for gets 403')
            self.assertEqual(recorder.stop(), 0)
        said = [line for line in recorder.lines if 'not in --allow' in line]
        self.assertEqual(len(said), 2, said)

    def test_says_how_another_machine_gets_to_the_link_that_sets_it_up(self):
        for at, how in (('127.0.0.1', 'ssh -L '), ('0.0.0.0', 'the name of this server'),
                        ('localhost', 'ssh -L ')):
            archive = self.archive / at
            process = subprocess.Popen([NAKLANK, 'serve', '--http', f'{at}:0', '--archive', archive],
                                       stderr=subprocess.PIPE, text=True)
            with process:
                self.assertIn(how, next(line for line in process.stderr if 'not-set-up' in line))
                link = (archive / '.state/set-up-link').read_text()
                process.terminate()
            self.assertRegex(link, f'^https?://{at.replace("0.0.0.0", "localhost")}:[0-9]+/opzetten')

    def test_refuses_a_file_that_says_what_it_does_not_know(self):
        for text, why in (('siprek = "udp:127.0.0.1:0"\n', 'no option "siprek"; is it "siprec"?'),
                          ('archive = /tmp/x\n', 'line 1: it is no TOML'),
                          ('allow = ["127.0.0.1",\n', 'it is no TOML'),
                          ('json = "true"\n', 'without quotes'),
                          ('siprec = true\n', 'wants a value'),
                          ('siprec = [["udp:127.0.0.1:0"]]\n', 'a text in quotes'),
                          ('ports = 1979-05-27\n', 'a text in quotes'),
                          ('[serve]\nsiprec = "udp:127.0.0.1:0"\n', 'no sections'),
                          ('calls-max = "many"\n', 'no count'),
                          ('json = 7\n', 'true or false')):
            done = subprocess.run([NAKLANK, 'serve', '--config', self.write('bad.toml', text)],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, text)
            self.assertIn(why, done.stderr + done.stdout)
        done = subprocess.run([NAKLANK, 'serve', '--config', '/nowhere.toml'], capture_output=True)
        self.assertEqual(done.returncode, 2)

    def test_takes_the_example_as_it_is_and_with_everything_in_it(self):
        whole = re.sub(r'(?m)^#(?=[a-z-]+ = )', '', EXAMPLE.read_text())
        whole = re.sub(r'(?m)^(token|users)-file.*$', '', whole)  # they would have to be there
        for text in (EXAMPLE.read_text(), whole):
            code, checks, said = self.doctor('--config', self.write('example.toml', text))
            self.assertIn(code, (0, 1), said)
            self.assertIn('siprec udp:0.0.0.0:5060', checks)
            self.assertIn('siprec tcp:0.0.0.0:5060', checks)
            self.assertIn('http 127.0.0.1:8060', checks)

    def test_the_doctor_finds_a_taken_port_and_says_what_to_do(self):
        for kind, way in ((socket.SOCK_DGRAM, 'udp'), (socket.SOCK_STREAM, 'tcp')):
            with socket.socket(socket.AF_INET, kind) as other:
                other.bind(('127.0.0.1', 0))
                if way == 'tcp':
                    other.listen()
                at = f'{way}:127.0.0.1:{other.getsockname()[1]}'
                code, checks, _ = self.doctor('--siprec', at)
                self.assertEqual(code, 1)
                self.assertEqual(checks[f'siprec {at}']['verdict'], 'wrong')
                self.assertIn('ss -ltunp', checks[f'siprec {at}']['sentence'])
            _, checks, _ = self.doctor('--siprec', at)
            self.assertEqual(checks[f'siprec {at}']['verdict'], 'ok')

    def test_the_doctor_looks_at_the_window(self):
        with socket.socket() as other:
            other.bind(('127.0.0.1', 0))
            other.listen()
            at = f'127.0.0.1:{other.getsockname()[1]}'
            code, checks, _ = self.doctor('--http', at)
            self.assertEqual((code, checks[f'http {at}']['verdict']), (1, 'wrong'))
            self.assertIn('ss -ltunp', checks[f'http {at}']['sentence'])
        site = pathlib.Path(self.folder.name) / 'site'
        site.mkdir()
        _, checks, _ = self.doctor('--http', at, '--site', site)
        self.assertEqual(checks[f'http {at}']['verdict'], 'ok')
        self.assertEqual(checks['pages']['verdict'], 'wrong')
        self.assertNotIn('media ports', checks)
        (site / 'index.html').write_text('<!doctype html>')
        _, checks, _ = self.doctor('--site', site)
        self.assertEqual(checks['pages']['verdict'], 'ok')
        _, checks, _ = self.doctor('--http', '0.0.0.0:0')
        self.assertIn('one of its own', checks['certificate']['sentence'])
        code, _, said = self.doctor('--http', '0.0.0.0:0', '--tls-key', 'key')
        self.assertEqual(code, 2)
        self.assertIn('belong together', said)
        _, checks, _ = self.doctor('--siprec', 'udp:127.0.0.1:0')
        self.assertIn('--http', checks['window']['sentence'])

    def test_the_doctor_leaves_nothing_behind(self):
        code, checks, _ = self.doctor()
        self.assertFalse(self.archive.exists())
        self.archive.mkdir(mode=0o750)
        code, checks, _ = self.doctor()
        self.assertEqual(list(self.archive.iterdir()), [])
        self.assertEqual(checks['archive']['verdict'], 'ok')
        self.assertEqual(checks['decode helper']['verdict'], 'ok')
        self.assertNotIn('media ports', checks)

    def test_the_doctor_finds_a_journal_that_others_can_enter(self):
        run = self.archive / '.journal/20260302T090001Z-k3v9qd'
        run.mkdir(parents=True)
        run.chmod(0o755)
        code, checks, _ = self.doctor()
        self.assertEqual((code, checks['journals']['verdict']), (1, 'wrong'))
        run.chmod(0o700)
        self.assertEqual(self.doctor()[1]['journals']['verdict'], 'ok')

    def test_the_doctor_knows_a_certificate_that_has_ended_or_is_not_the_keys(self):
        if not shutil.which('openssl'):
            self.skipTest('openssl is not here')
        files = {name: f'{self.folder.name}/{name}' for name in ('key', 'other', 'cert')}
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                        'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', files['key'], '-out',
                        files['cert'], '-subj', '/CN=recorder', '-days', '7'], check=True,
                       capture_output=True)
        subprocess.run(['openssl', 'genpkey', '-algorithm', 'EC', '-pkeyopt',
                        'ec_paramgen_curve:P-256', '-out', files['other']], check=True,
                       capture_output=True)
        tls = ['--siprec', 'tls:127.0.0.1:0', '--tls-certificate', files['cert'], '--tls-key']
        _, checks, _ = self.doctor(*tls, files['key'])
        self.assertEqual(checks['siprec tls:127.0.0.1:0']['verdict'], 'ok')
        self.assertEqual(checks['certificate']['verdict'], 'warning')  # it ends within a month
        code, checks, _ = self.doctor(*tls, files['other'])
        self.assertEqual((code, checks['siprec tls:127.0.0.1:0']['verdict']), (1, 'wrong'))
        self.assertIn('does not belong', checks['siprec tls:127.0.0.1:0']['sentence'])
        window = ['--http', '0.0.0.0:0', '--tls-certificate', files['cert'], '--tls-key']
        _, checks, _ = self.doctor(*window, files['key'])
        self.assertEqual(checks['certificate']['verdict'], 'warning')
        code, checks, _ = self.doctor(*window, files['other'])
        self.assertEqual((code, checks['certificate']['verdict']), (1, 'wrong'))
        self.assertIn('does not belong', checks['certificate']['sentence'])

    def test_a_new_certificate_is_used_without_a_restart(self):
        if not shutil.which('openssl'):
            self.skipTest('openssl is not here')
        files = {name: f'{self.folder.name}/{name}' for name in ('key', 'cert')}

        def make(name):
            subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                            'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', files['key'],
                            '-out', files['cert'], '-subj', f'/CN={name}'], check=True,
                           capture_output=True)

        def subject(at):
            shown = subprocess.run(['openssl', 's_client', '-connect', f'{at[0]}:{at[1]}'],
                                   stdin=subprocess.DEVNULL, capture_output=True, text=True)
            return re.search(r'subject=CN ?= ?(\S+)', shown.stdout)[1]
        make('before')
        with siprec.Recorder(NAKLANK, self.archive, '--siprec', 'tls:127.0.0.1:0',
                             '--tls-certificate', files['cert'], '--tls-key',
                             files['key']) as recorder:
            self.assertEqual(subject(recorder.address('tls')), 'before')
            make('after')
            until = time.monotonic() + 20
            while subject(recorder.address('tls')) != 'after' and time.monotonic() < until:
                time.sleep(0.5)
            self.assertEqual(subject(recorder.address('tls')), 'after')
            kept = pathlib.Path(files['cert']).read_text()
            pathlib.Path(files['cert']).write_text('no certificate')
            while time.monotonic() < until and not any('not taken' in x for x in recorder.lines):
                time.sleep(0.2)
            self.assertTrue(any('not taken' in line for line in recorder.lines), recorder.lines)
            self.assertEqual(subject(recorder.address('tls')), 'after')
            pathlib.Path(files['cert']).write_text(kept)
            self.assertEqual(recorder.stop(), 0)

    def test_the_doctor_refuses_options_that_serve_refuses(self):
        code, _, said = self.doctor('--siprec', 'udp:0.0.0.0:0')
        self.assertEqual(code, 2)
        self.assertIn('--allow', said)

    def test_the_unit_keeps_the_service_in_its_place(self):
        settings = settings_of_unit()
        self.assertEqual({name: settings.get(name) for name in HARDENING}, HARDENING)
        drain = int(re.search(r'(?m)^drain-seconds = (\d+)', EXAMPLE.read_text())[1])
        self.assertGreater(int(settings['TimeoutStopSec']), 2 * drain)
        self.assertGreater(int(settings['WatchdogSec']), 3 * 5)

    def test_the_unit_is_one_for_systemd(self):
        if not shutil.which('systemd-analyze'):
            self.skipTest('systemd-analyze is not here')
        unit = self.write('naklank.service', UNIT.read_text().replace(
            '/usr/local/bin/naklank', str(pathlib.Path(NAKLANK).resolve())))
        done = subprocess.run(['systemd-analyze', 'verify', '--man=no', unit], capture_output=True,
                              text=True)
        said = [line for line in done.stderr.splitlines() if 'naklank' in line]
        self.assertEqual((done.returncode, said), (0, []), done.stderr)

    def test_the_units_filter_leaves_what_recording_and_decoding_need(self):
        if not shutil.which('systemd-analyze') or not ctypes.util.find_library('seccomp'):
            self.skipTest('systemd-analyze or libseccomp is not here')
        words = settings_of_unit()['SystemCallFilter'].split()
        names = {word for word in words if not word.startswith('@')}
        for group in set(words) - names:
            names |= system_calls(group)
        if 'openat' not in names:
            self.skipTest('systemd-analyze tells no system calls here')
        self.archive.mkdir(mode=0o750)
        done = subprocess.run(
            [NAKLANK, 'doctor', '--json', '--archive', self.archive, '--siprec', 'udp:127.0.0.1:0'],
            capture_output=True, text=True, preexec_fn=lambda: take_on(names))
        self.assertNotIn(done.returncode, (99, -signal.SIGSYS), done.stderr)
        checks = {check['subject']: check for check in json.loads(done.stdout)['checks']}
        for subject in ('decode helper', 'siprec udp:127.0.0.1:0', 'archive', 'disk sync'):
            self.assertNotEqual(checks[subject]['verdict'], 'wrong', checks[subject])
        self.record_a_call_within(names)

    def record_a_call_within(self, names):
        popen = subprocess.Popen

        class Confined(popen):
            def __init__(self, *arguments, **options):
                # A sanitizer's leak check is a ptrace, which is filtered.
                environment = os.environ | {'LSAN_OPTIONS': 'detect_leaks=0'}
                super().__init__(*arguments, preexec_fn=lambda: take_on(names), env=environment,
                                 **options)
        subprocess.Popen = Confined
        try:
            recorder = siprec.Recorder(NAKLANK, self.archive, '--siprec', 'tcp:127.0.0.1:0')
            recorder.__enter__()
        finally:
            subprocess.Popen = popen
        try:
            client = siprec.Client(recorder.address('tcp'), 'tcp')
            self.assertEqual(client.invite(client.offer(['1', '2'])), 200)
            siprec.speak([(client.lines[0], siprec.Voice(1)), (client.lines[1], siprec.Voice(2))], 50)
            self.assertEqual(client.bye(), 200)
            self.assertEqual(recorder.stop(), 0, ''.join(recorder.lines))
        finally:
            recorder.__exit__()
        listed = subprocess.run([NAKLANK, 'list', '--json', '--archive', self.archive],
                                capture_output=True, text=True, check=True)
        packets = [track['packets']['received'] for track in json.loads(listed.stdout)[0]['tracks']]
        self.assertEqual(packets, [50, 50])


if __name__ == '__main__':
    NAKLANK = sys.argv.pop(1)
    unittest.main()
