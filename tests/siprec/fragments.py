#!/usr/bin/env python3
"""An INVITE with metadata that is too large for one packet comes in IP fragments, as from a network
whose packets hold 1,500 bytes.

    fragments.py --naklank PROGRAM --work FOLDER

Runs in a network namespace of its own, in which the loopback's packets are that small; needs root.
"""

import os
import re
import shutil
import subprocess
import sys

from evidence import expect, expect_equal
from recording_client import FRAME_S, speak
from stage import ANNA, BERT, CANNOT_RUN, Stage, Talk, arguments, number_of, on, run, voices

MTU = 1500
INVITE_BYTES = 3400  # three fragments
OURS = 'NAKLANK_TEST_NAMESPACE'


def enter_a_namespace():
    """Begins this script again in one; skips where that cannot be."""
    if OURS in os.environ:
        subprocess.run(['ip', 'link', 'set', 'lo', 'up', 'mtu', str(MTU)], check=True)
        return
    for tool in ('ip', 'unshare'):
        if not shutil.which(tool):
            print(f'skipped: {tool} is not installed')
            sys.exit(CANNOT_RUN)
    if subprocess.run(['unshare', '--net', 'true'], capture_output=True).returncode:
        print('skipped: a network namespace needs root')
        sys.exit(CANNOT_RUN)
    os.environ[OURS] = 'yes'
    os.execvp('unshare', ['unshare', '--net', sys.executable, '-B', *sys.argv])


def fragments():
    """Packets put together from fragments, and fragments made, in this namespace."""
    with open('/proc/net/snmp', encoding='ascii') as file:
        names, numbers = [line.split() for line in file if line.startswith('Ip:')]
    counts = dict(zip(names, numbers))
    return int(counts['ReasmOKs']), int(counts['FragCreates'])


def a_large_invite_comes_in_fragments(stage):
    talk, said, client = Talk(), voices(2), stage.client()
    note = '<note xmlns="urn:example:notes">' + 'x' * (INVITE_BYTES - 1500) + '</note>'
    people = talk.metadata(on('1', ANNA), on('2', BERT), extra=note)
    offer = client.offer(['1', '2'])
    whole, made = fragments()
    expect_equal(client.invite(offer, people), 200, 'the answer to the INVITE')
    then_whole, then_made = fragments()
    expect(then_whole > whole and then_made >= made + 3, f'{then_made - made} fragments were sent')
    speak([*zip(client.lines, said)], int(1 / FRAME_S))
    got = stage.hang_up(client)
    got.expect_sound([(str(i + 1), number_of(person), line.frames)
                      for i, (line, person) in enumerate(zip(client.lines, (ANNA, BERT)))])
    kept, = [f for f in got.shown['files'] if re.search('rs-metadata', f['media_type'])]
    expect_equal(kept['bytes'], len(people), 'bytes of the metadata that was kept')


def main():
    naklank, work, only = arguments()
    enter_a_namespace()
    with Stage(naklank, work / 'archive') as stage:
        all_held = run([(a_large_invite_comes_in_fragments, (stage,))], only)
        stage.close()
    return 0 if all_held else 1


if __name__ == '__main__':
    sys.exit(main())
