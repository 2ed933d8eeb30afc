"""Runs scenarios side by side, on a recorder that each script starts for them.

Every scenario is a function whose name is a sentence; it raises Failed when that is not so.
"""

import argparse
import concurrent.futures
import http.client
import itertools
import pathlib
import random
import re
import shutil
import socket
import sys
import time
import traceback
import uuid

import evidence
from recording_client import Client, Failed, Recorder, Voice, metadata

CANNOT_RUN = 77
PORTS = 200  # of each recorder, for media
SEALED_S = 30
TOKEN = 'a-token-for-these-tests'
ANNA, BERT, CEES, DORA = (('anna', 'sip:+31201@a.nl', 'Anna'), ('bert', 'sip:+31202@a.nl', 'Bert'),
                          ('cees', 'sip:+31203@a.nl', 'Cees'), ('dora', 'sip:+31204@a.nl', 'Dora'))
seeds = itertools.count(1)


def voices(count):
    """Speakers that nobody else has."""
    return [Voice(next(seeds)) for _ in range(count)]


def on(label, person):
    return (*person, label)


def number_of(person):
    return re.search(r'sip:([^@]+)', person[1])[1]


def post(to, path, body, authorization):
    """The status of the answer."""
    connection = http.client.HTTPConnection(*to, timeout=10)
    connection.request('POST', path, body, {'Authorization': authorization})
    return connection.getresponse().status


def is_free(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(('127.0.0.1', port))
        except OSError:
            return False
    return True


def free_ports():
    """A range of ports that nobody has just now, below those that the system gives out."""
    while True:
        first = random.randrange(10_000, 32_000, PORTS)
        if all(map(is_free, range(first, first + PORTS))):
            return f'{first}-{first + PORTS - 1}'


class Talk:
    """A conversation that is recorded: the names its metadata goes by."""

    def __init__(self):
        self.group, self.session = str(uuid.uuid4()), str(uuid.uuid4())

    def metadata(self, *people, **more):
        return metadata(people, group=self.group, session=self.session, **more)

    @property
    def keys(self):
        return sorted([f'siprec-group:{self.group}', f'siprec-session:{self.session}'])


class Stage:
    """A recorder, its archive, and clients that call it."""

    def __init__(self, naklank, archive, *options, transport='udp', host='127.0.0.1', drain_s=2,
                 ports=None):
        self.naklank, self.archive, self.transport = naklank, archive, transport
        self.recorder = Recorder(naklank, archive, '--siprec', f'{transport}:{host}:0', '--ports',
                                 ports or free_ports(), '--drain-seconds', drain_s, *options)

    def __enter__(self):
        self.recorder.__enter__()
        return self

    def __exit__(self, *how):
        self.recorder.__exit__(*how)

    def client(self, **options):
        return Client(self.recorder.address(self.transport), self.transport, **options)

    def call(self, talk, *people, **options):
        """A call of these people, each on a line of their own."""
        client = self.client(**options)
        labels = [str(i + 1) for i in range(len(people))]
        status = client.invite(client.offer(labels), talk.metadata(
            *(on(label, person) for label, person in zip(labels, people))))
        evidence.expect_equal(status, 200, 'the answer to the INVITE')
        return client

    def hang_up(self, client):
        evidence.expect_equal(client.bye(), 200, 'the answer to the BYE')
        return self.sealed(client.call_id)

    def sealed(self, call_id):
        """The recording, as soon as it is one."""
        until = time.monotonic() + SEALED_S
        while not any(' sealed ' in line and call_id in line for line in self.recorder.lines):
            if time.monotonic() > until:
                raise Failed(f'{call_id} was not sealed:\n' + ''.join(self.recorder.lines))
            time.sleep(0.05)
        return evidence.find(self.naklank, self.archive, call_id)

    def close(self, recordings=None):
        """The recorder stops in order, and its archive is."""
        evidence.expect_equal(self.recorder.stop(), 0, "the recorder's exit code")
        evidence.expect_in_order(self.naklank, self.archive)
        if recordings is not None:
            evidence.expect_equal(len(evidence.ask(self.naklank, self.archive, 'list')),
                                  recordings, 'recordings')


def arguments(*tools):
    """The program and an empty folder of the script's own. Skipped where a tool is missing."""
    options = argparse.ArgumentParser()
    options.add_argument('--naklank', type=pathlib.Path, required=True)
    options.add_argument('--work', type=pathlib.Path, required=True)
    options.add_argument('only', nargs='*', help='scenarios to run, all by default')
    options = options.parse_args()
    for tool in ('flac', *tools):
        if not shutil.which(tool):
            print(f'skipped: {tool} is not installed')
            sys.exit(CANNOT_RUN)
    work = options.work.resolve() / pathlib.Path(sys.argv[0]).stem
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    return options.naklank.resolve(), work, options.only


def run(scenarios, only=()):
    """Each of (function, its arguments), side by side; gives whether all held."""
    chosen = [(f, args) for f, args in scenarios if not only or f.__name__ in only]
    with concurrent.futures.ThreadPoolExecutor(max(len(chosen), 1)) as pool:
        running = [(f.__name__, time.monotonic(), pool.submit(f, *args)) for f, args in chosen]
    all_held = True
    for name, _, future in running:
        why = future.exception()
        all_held = all_held and why is None
        print(f'{"FAILED" if why else "ok"}  {name.replace("_", " ")}')
        if isinstance(why, Failed):
            print(f'    {why}')
        elif why:
            print('    ' + ''.join(traceback.format_exception(why)))
    return all_held
