#!/usr/bin/env python3
"""A recorder that is held up in the middle of a call until its ring is full: what the machine
dropped then, and nothing else, must be told as dropped by us.

    too_slow.py --naklank PROGRAM --work FOLDER

The network loses five packets of the caller's before that. While the recorder stands still a burst
of other traffic fills the ring, and the call goes on."""

import argparse
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import network as net

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'scenes'))
from net import ethernet, ip_packet, udp_segment, UDP  # noqa: E402
from scene import SECOND, Scene  # noqa: E402

TALK_S, HELD_FROM_S, HELD_TO_S = 8, 3, 5
LOST = range(50, 55)
RING_BYTES = 64 * 1024 * 1024
BURST_BYTES = 1400


def made_call():
    scene = Scene()
    call = scene.call(*scene.pair())
    call.a.fate = lambda number: () if number in LOST else (0,)
    call.set_up()
    talk = scene.now
    call.talk(TALK_S)
    call.hang_up()
    return scene, talk


def play(recorder):
    """Sends the call in real time, and holds the recorder up meanwhile; tells when, in ns."""
    scene, talk = made_call()
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    out.bind(('eth0', 0))
    other = ethernet()[1](ip_packet('198.18.0.1', '198.18.0.2', UDP, udp_segment(
        ('198.18.0.1', 9), ('198.18.0.2', 9), bytes(BURST_BYTES))))
    burst = RING_BYTES // BURST_BYTES
    offset = time.time_ns() + SECOND // 2 - scene.start
    told = {}
    for at, frame in scene.frames()[1]:
        due = at + offset
        since_talk_s = (at - talk) / SECOND
        if since_talk_s >= HELD_FROM_S and 'held' not in told:
            os.kill(recorder, signal.SIGSTOP)
            told['held'] = time.time_ns()
        if since_talk_s >= HELD_TO_S and 'freed' not in told:
            os.kill(recorder, signal.SIGCONT)
            told['freed'] = time.time_ns()
        while (now := time.time_ns()) < due:
            if 'held' in told and burst > 0:
                out.send(other)
                burst -= 1
            else:
                time.sleep((due - now) / SECOND)
        out.send(frame)
    print(json.dumps(told | {'burst_left': burst}))


def check(shown, told):
    began = net_time(shown['started'])
    held_ms, freed_ms = ((told[name] - began) // 1_000_000 for name in ('held', 'freed'))
    net.expect(shown['drops'], 'no drop is told')
    for drop in shown['drops']:
        net.expect(held_ms < drop['from_ms'] <= drop['to_ms'] < freed_ms + 1000,
                   f'{drop} is told; the recorder was held up from {held_ms} to {freed_ms} ms')
    for track, lost in zip(shown['tracks'], (len(LOST), 0)):
        counts = track['packets']
        name = f'track {track["track"]}: {counts}'
        net.expect(counts['lost'] == lost, f'{name}, the network lost {lost}')
        net.expect(counts['received'] + counts['lost'] == TALK_S * 50, f'{name}, not all told')
        net.expect(counts['dropped_by_us'] >= 20, f'{name}, where about a second was dropped')
        gaps = [gap for gap in track['gaps'] if gap['cause'] == 'dropped-by-us']
        net.expect(sum(gap['packets'] for gap in gaps) == counts['dropped_by_us'], f'{gaps}')
        for gap in gaps:
            net.expect(held_ms < gap['from_ms'] and gap['to_ms'] < freed_ms + 1000,
                       f'{gap}; the recorder was held up from {held_ms} to {freed_ms} ms')


def net_time(text):
    whole, _, part = text.rstrip('Z').partition('.')
    seconds = int(subprocess.run(['date', '-u', '-d', f'{whole}Z', '+%s'], capture_output=True,
                                 text=True, check=True).stdout)
    return seconds * SECOND + int(part.ljust(9, '0') or 0)


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--naklank', type=pathlib.Path)
    options.add_argument('--work', type=pathlib.Path)
    options.add_argument('--play', type=int, help='in a namespace: the call, to this recorder')
    options = options.parse_args()
    if options.play:
        return play(options.play)
    net.skip_unless_possible()
    naklank = options.naklank.resolve()
    with net.Network(['phones'], options.work.resolve() / 'too-slow') as network:
        archive = network.work / 'archive'
        recorder = network.record(naklank, archive)
        player = network.start('phones', [sys.executable, '-B', pathlib.Path(__file__).resolve(),
                                          '--play', recorder.pid], stdout=subprocess.PIPE)
        said, _ = player.communicate(timeout=60)
        net.expect(player.returncode == 0, f'the player ended with {player.returncode}')
        told = json.loads(said)
        net.expect(told['burst_left'] == 0, f'{told["burst_left"]} of the burst were never sent')
        recordings = network.recordings(recorder, naklank, archive)
        net.expect(len(recordings) == 1, f'{len(recordings)} recordings, expected one')
        command = [naklank, 'show', recordings[0]['id'], '--archive', archive]
        shown = subprocess.run([*command, '--json'], capture_output=True, text=True, check=True)
        check(json.loads(shown.stdout), told)
        page = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        net.expect('dropped by this machine' in page, f'the page says nothing of it:\n{page}')
        print(page)
    print('too slow: what was dropped is told as ours, and what was lost as lost')


if __name__ == '__main__':
    sys.exit(main())
