#!/usr/bin/env python3
"""Kills a recorder in the middle of its calls, again and again, and looks at what is left.

    kill.py --naklank PROGRAM --generate PROGRAM --work FOLDER [--times 20] [--seed N]

Generated calls arrive at their own pace. After a `kill -9` at a random moment and `naklank recover`:
every call that was over is whole; of every running one at most LOST_MAX_S is missing, and it says so;
nothing is there twice; nothing is left in the journal; `verify --all` finds nothing wrong.
"""

import argparse
import json
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import threading
import time

CALLS, SECONDS, STAGGER = 40, 2, 2.5
LOST_MAX_S = 1.0
DRAIN_S = 1.0  # after the last packet a call is over at the latest
PACKET_S = 0.02
LIMIT_S = 60


def records(capture):
    """Every packet's time in seconds and its bytes, head and all; before them the file's head."""
    data = capture.read_bytes()
    at = 24
    found = []
    while at + 16 <= len(data):
        seconds, fraction, size = struct.unpack_from('<III', data, at)
        found.append((seconds + fraction / 1e6, data[at:at + 16 + size]))
        at += 16 + size
    return data[:24], found


def feed(pipe, head, packets, began):
    """Writes each packet when its time has come; ends when nobody reads any more."""
    try:
        pipe.write(head)
        first = packets[0][0]
        for at, record in packets:
            wait = began + (at - first) - time.monotonic()
            if wait > 0:
                pipe.flush()
                time.sleep(wait)
            pipe.write(record)
        pipe.flush()
    except (BrokenPipeError, ValueError):
        pass


def record_until_killed(naklank, archive, head, packets, kill_after):
    """Runs a recorder and kills it; how many seconds of the capture it had been given by then."""
    with subprocess.Popen([naklank, 'record', '--read', '-', '--archive', archive, '--quiet'],
                          stdin=subprocess.PIPE, bufsize=1 << 16) as recorder:
        began = time.monotonic()
        feeder = threading.Thread(target=feed, args=(recorder.stdin, head, packets, began))
        feeder.start()
        time.sleep(kill_after)
        killed = time.monotonic() - began
        recorder.kill()
        recorder.wait()
        feeder.join()
        try:
            recorder.stdin.close()
        except BrokenPipeError:
            pass
    return killed


def json_of(naklank, *words):
    done = subprocess.run([naklank, *map(str, words), '--json'], capture_output=True,
                          timeout=LIMIT_S)
    return done.returncode, json.loads(done.stdout)


def check(naklank, archive, calls, first_s, killed):
    """Sentences about what is wrong; and how many calls were over, running, and the most lost."""
    wrong = []
    code, recovered = json_of(naklank, 'recover', '--archive', archive)
    if code or recovered['wrong']:
        wrong.append(f'recover ended with {code}: {recovered["wrong"]}')
    _, listed = json_of(naklank, 'list', '--archive', archive)
    by_caller = {}
    for recording in listed:
        number = recording['caller']['number']
        if number in by_caller:
            wrong.append(f'{number} is there twice')
        by_caller[number] = recording
    over = running = 0
    most_lost = 0.0
    for call in calls:
        recording = by_caller.get(call['caller'])
        begins = [party['first_ns'] / 1e9 - first_s for party in call['parties']]
        if max(begins) + SECONDS + DRAIN_S < killed:
            over += 1
            expected = [party['received'] for party in call['parties']]
            got = [t['packets']['received'] for t in recording['tracks']] if recording else None
            if got != expected or recording['ending'] != 'bye':
                wrong.append(f'{call["caller"]} was over, and has {got} packets of {expected}')
            continue
        heard_s = [min(SECONDS, killed - begin) for begin in begins]
        if min(heard_s) < LOST_MAX_S:
            continue
        running += 1
        if recording is None:
            wrong.append(f'{call["caller"]} was running for {min(heard_s):.2f} s and is not there')
            continue
        for heard, track in zip(heard_s, recording['tracks']):
            lost = heard - track['packets']['received'] * PACKET_S
            most_lost = max(most_lost, lost)
            if lost > LOST_MAX_S:
                wrong.append(f'{call["caller"]}: {lost:.2f} s are missing')
            if track['packets']['lost']:
                wrong.append(f'{call["caller"]}: has a hole')
        names = [oddity['name'] for oddity in recording['oddities']]
        if recording['ending'] != 'bye' and 'recorder-stopped' not in names:
            wrong.append(f'{call["caller"]} does not say that it was cut off')
    code, verified = json_of(naklank, 'verify', '--all', '--archive', archive)
    if code or verified['checked'] != len(listed):
        wrong.append(f'verify ended with {code}: {verified}')
    left = list((pathlib.Path(archive) / '.journal').iterdir())
    if left:
        wrong.append(f'left in the journal: {left}')
    return wrong, over, running, most_lost


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--naklank', required=True)
    parser.add_argument('--generate', required=True)
    parser.add_argument('--work', required=True, type=pathlib.Path)
    parser.add_argument('--times', type=int, default=20)
    parser.add_argument('--seed', type=int, default=random.SystemRandom().randrange(1 << 32))
    args = parser.parse_args()
    chance = random.Random(args.seed)
    print(f'--seed {args.seed}')
    shutil.rmtree(args.work, ignore_errors=True)
    args.work.mkdir(parents=True)
    capture, truth = args.work / 'calls.pcap', args.work / 'truth.json'
    subprocess.run([args.generate, '--calls', str(CALLS), '--seconds', str(SECONDS), '--stagger',
                    str(STAGGER), '--codec', 'mixed', '--truth', truth, '-o', capture],
                   check=True, timeout=LIMIT_S, stdout=subprocess.DEVNULL)
    head, packets = records(capture)
    calls = json.loads(truth.read_text())['calls']
    whole_s = packets[-1][0] - packets[0][0]
    failed = 0
    for round_number in range(args.times):
        archive = args.work / f'archive-{round_number}'
        killed = record_until_killed(args.naklank, archive, head, packets,
                                     chance.uniform(2.5, whole_s))
        wrong, over, running, most_lost = check(args.naklank, archive, calls, packets[0][0],
                                                killed)
        print(f'killed after {killed:.2f} s: {over} calls were over and are whole, {running} were '
              f'running, at most {max(most_lost, 0):.2f} s of one is missing')
        print('\n'.join(f'  {sentence}' for sentence in wrong[:20]), end='\n' if wrong else '')
        failed += bool(wrong)
        if not wrong:
            shutil.rmtree(archive)
    print(f'{args.times} kills, {failed} broke a promise')
    sys.exit(bool(failed))


if __name__ == '__main__':
    main()
