"""A little network of its own: hosts in namespaces on one bridge that floods, as a mirror port
does.

    with Network(['caller', 'callee'], work) as network:
        network.start('caller', ['baresip', ...])
        network.record(naklank, archive)

Everything started in it is ended by its process id, and the namespaces go, also on failure.
Needs root."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

POLL_S = 0.1


def skip_unless_possible(*programs):
    """Ends with 77 and a sentence when this machine cannot run a live test."""
    if os.geteuid() != 0:
        print('Live calls need root, for network namespaces and raw sockets. Skipped.')
        sys.exit(77)
    for program in ('ip', *programs):
        if not shutil.which(program):
            print(f'{program} is not installed (packaging/install-packages --only live). Skipped.')
            sys.exit(77)
    name = f'nk{os.getpid()}try'
    tried = subprocess.run(['ip', 'netns', 'add', name], capture_output=True, text=True)
    if tried.returncode:
        print(f'Network namespaces cannot be made here: {tried.stderr.strip()}. Skipped.')
        sys.exit(77)
    subprocess.run(['ip', 'netns', 'del', name], check=True)


def wait_until(what, is_true, seconds):
    """Polls; fails with a sentence that says what never happened."""
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            raise RuntimeError(f'waited {seconds} s in vain for {what}')
        time.sleep(POLL_S)


class Network:
    def __init__(self, hosts, work):
        self.work = pathlib.Path(work)
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.prefix = f'nk{os.getpid()}'
        self.hosts = list(hosts)
        self.running = []

    def namespace(self, host):
        return f'{self.prefix}{host}'

    def address(self, host):
        return f'10.77.0.{10 + self.hosts.index(host)}'

    def __enter__(self):
        try:
            self.ip('netns', 'add', self.namespace('switch'))
            self.in_switch('link', 'add', 'bridge', 'type', 'bridge', 'ageing_time', '0',
                           'mcast_snooping', '0')
            self.in_switch('link', 'set', 'bridge', 'up')
            for host in [*self.hosts, 'mirror']:
                self.connect(host)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind, error, trace):
        for process in reversed(self.running):
            self.end(process)
        if kind is not None:
            for log in sorted(self.work.glob('*.log')):
                print(f'--- {log.name}\n{log.read_text(errors="replace")[-3000:]}', file=sys.stderr)
        for host in [*self.hosts, 'mirror', 'switch']:
            subprocess.run(['ip', 'netns', 'del', self.namespace(host)], capture_output=True)

    @staticmethod
    def ip(*words):
        done = subprocess.run(['ip', *words], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f'ip {" ".join(words)}: {done.stderr.strip()}')

    def in_switch(self, *words):
        self.ip('-n', self.namespace('switch'), *words)

    def connect(self, host):
        namespace = self.namespace(host)
        self.ip('netns', 'add', namespace)
        self.in_switch('link', 'add', host, 'type', 'veth', 'peer', 'name', 'eth0', 'netns',
                       namespace)
        self.in_switch('link', 'set', host, 'master', 'bridge', 'up')
        self.ip('-n', namespace, 'link', 'set', 'lo', 'up')
        self.ip('-n', namespace, 'link', 'set', 'eth0', 'up')
        if host in self.hosts:
            self.ip('-n', namespace, 'address', 'add', f'{self.address(host)}/24', 'dev', 'eth0')

    # Programs

    def log(self, name):
        return self.work / f'{name}.log'

    def start(self, host, command, name=None, stdout=None, **options):
        """Starts a program on a host; what it says goes to <name>.log."""
        log = open(self.log(name or host), 'w')
        process = subprocess.Popen(['ip', 'netns', 'exec', self.namespace(host),
                                    *map(str, command)],
                                   stdin=subprocess.DEVNULL, stdout=stdout or log, stderr=log,
                                   cwd=self.work, **options)
        log.close()
        self.running.append(process)
        return process

    @staticmethod
    def end(process, seconds=10):
        """Ends a process, politely first; gives its exit code."""
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        return process.returncode

    def wait_for_log(self, name, text, seconds):
        wait_until(f'"{text}" in the log of {name}',
                   lambda: text in self.log(name).read_text(errors='replace'), seconds)

    def record(self, naklank, archive):
        """Starts the recorder at the mirror port and returns when it listens."""
        process = self.start('mirror',
                             [naklank, 'record', '--interface', 'eth0', '--basis', 'company',
                                        '--archive', archive, '--json'],
                             name='naklank', stdout=subprocess.PIPE)

        def listens():
            if process.poll() is not None:
                raise RuntimeError(f'the recorder ended at once, with {process.returncode}')
            sockets = pathlib.Path(f'/proc/{process.pid}/net/packet').read_text().splitlines()
            return len(sockets) > 1
        wait_until('the recorder to listen', listens, 10)
        return process

    def recordings(self, process, naklank, archive, seconds=30):
        """Waits for the call to be kept, ends the recorder as an operator does, and gives what it
        recorded."""
        def is_kept():
            done = subprocess.run([naklank, 'list', '--archive', archive, '--json'],
                                  capture_output=True, text=True)
            return '"id"' in done.stdout
        wait_until('the recording to be kept', is_kept, seconds)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=seconds)
        expect(process.returncode == 0, f'the recorder ended with {process.returncode}')
        return json.loads(out)


def expect(is_true, sentence):
    if not is_true:
        raise AssertionError(sentence)
