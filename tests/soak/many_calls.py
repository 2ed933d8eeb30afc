#!/usr/bin/env python3
"""Very many short calls in one capture: each becomes a recording, nothing is lost, and memory grows
little with their number. (Every sixteenth call says the same, so that those of one second are taken
for copies of one conversation; that is as it should be.)

    many_calls.py --naklank PROGRAM --generate PROGRAM --work FOLDER [--calls 100000]

Too long for every change; `make soak-many` runs it and prints what it took. At the end some recordings,
spread over them all, are verified."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

TALK_S = 0.2
STAGGER_S = 600
RSS_MB_MAX = 400
VERIFIED = 200


def run(name, command, output=None):
    """Runs a program to its end; prints and gives what it took."""
    began = time.monotonic()
    with open(output or os.devnull, 'wb') as out:
        process = subprocess.Popen([str(word) for word in command], stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    took = time.monotonic() - began
    rss_mb = usage.ru_maxrss / 1024
    print(f'{name:<9} {took:7.1f} s, {usage.ru_utime + usage.ru_stime:7.1f} CPU-s, '
          f'{rss_mb:6.0f} MB', flush=True)
    if process.returncode:
        sys.exit(f'{name} ended with {process.returncode}')
    return rss_mb


def main():
    options = argparse.ArgumentParser()
    for name in ('--naklank', '--generate', '--work'):
        options.add_argument(name, type=pathlib.Path, required=True)
    options.add_argument('--calls', type=int, default=100_000)
    options = options.parse_args()
    work = options.work / 'many-calls'
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    capture, archive, listed = work / 'calls.pcap', work / 'archive', work / 'list.json'
    run('generate', [options.generate, '--calls', options.calls, '--seconds', TALK_S,
                     '--stagger', STAGGER_S * options.calls / 100_000, '-o', capture])
    rss_mb = run('record', [options.naklank, 'record', '--read', capture, '--archive', archive,
                            '--quiet'])
    capture.unlink()
    list_mb = run('list', [options.naklank, 'list', '--archive', archive, '--json'], listed)
    recordings = json.loads(listed.read_text())
    wrong = []
    if len(recordings) != options.calls:
        wrong.append(f'{len(recordings)} recordings of {options.calls} calls')
    packets = round(TALK_S * 50)
    for recording in recordings:
        counts = [(track['packets']['received'], track['packets']['lost'])
                  for track in recording['tracks']]
        if counts != [(packets, 0)] * 2 or recording['ending'] != 'bye' or recording['oddities']:
            wrong.append(f'{recording["id"]}: {counts}, {recording["ending"]}, '
                         f'{recording["oddities"]}')
    step = max(1, len(recordings) // VERIFIED)
    run('verify', [options.naklank, 'verify', '--archive', archive,
                   *[recording['id'] for recording in recordings[::step]]])
    for name, used in (('record', rss_mb), ('list', list_mb)):
        if used > RSS_MB_MAX:
            wrong.append(f'{name} used {used:.0f} MB, more than {RSS_MB_MAX}')
    for sentence in wrong[:10]:
        print(sentence)
    if wrong:
        return 1
    shutil.rmtree(work)
    print(f'{options.calls} calls: all there')
    return 0


if __name__ == '__main__':
    sys.exit(main())
