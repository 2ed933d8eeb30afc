#!/usr/bin/env python3
"""A live load: generated calls on one end of a virtual cable, a recorder at the other, and at the
end nothing may be missing.

    veth_load.py --naklank PROGRAM --generate PROGRAM --work FOLDER
                 [--calls 200] [--seconds 20] [--talk 5] [--ring-max 50] [--may-drop] [--json FILE]

For about SECONDS so many calls are in progress at once, each of TALK seconds: new ones begin as old
ones end, so that the recorder receives and seals at the same time. It fails when a packet that was
sent is neither recorded nor counted as dropped, when one was dropped (unless --may-drop), when a
call or a packet of a call is missing, when a ledger does not tell the truth about that, or when the
ring was fuller than RING_MAX percent. Needs root. All waits have an end."""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE.parent / 'e2e'), str(HERE.parent.parent / 'bench')]
import network as net  # noqa: E402
import recorder as watch  # noqa: E402

SETUP_S = 1.1   # of a call before it talks
DRAIN_S = 2.0   # what is still on its way, and the calls' own end
EVERY_S = 1.0
LIST_S = 300
SENT = re.compile(r'(\d+) packets sent in ([\d.]+) s; late by ([\d.]+) ms on average, '
                  r'([\d.]+) ms at most')
RECEIVED = re.compile(r'(\d+) packets, (\d+) calls?')
DROPPED = re.compile(r'(\d+) packets? dropped by this machine')
RING = re.compile(r'waited in at most (\d+) % of the room')


class Cable:
    """A namespace with a virtual cable in it, between `send` and `mirror`. It goes at the end, and
    with it every program started in it."""

    def __init__(self, work):
        self.work = work
        self.name = f'nk{os.getpid()}load'
        self.running = []

    def __enter__(self):
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        net.Network.ip('netns', 'add', self.name)
        try:
            # Nothing but the load may be on the cable.
            subprocess.run([*self.inside, 'sh', '-c',
                            'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6'],
                           stderr=subprocess.DEVNULL)
            self.ip('link', 'add', 'send', 'type', 'veth', 'peer', 'name', 'mirror')
            for end in ('send', 'mirror'):
                self.ip('link', 'set', end, 'up')
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind, error, trace):
        for process in self.running:
            net.Network.end(process)
        subprocess.run(['ip', 'netns', 'del', self.name], capture_output=True)

    @property
    def inside(self):
        return ['ip', 'netns', 'exec', self.name]

    def ip(self, *words):
        net.Network.ip('-n', self.name, *words)

    def start(self, name, *command):
        """Starts a program whose words go to <name>.out and <name>.err."""
        with open(self.work / f'{name}.out', 'w') as out, \
                open(self.work / f'{name}.err', 'w') as err:
            process = subprocess.Popen([*self.inside, *map(str, command)], cwd=self.work,
                                       stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        self.running.append(process)
        return process

    def said(self, name):
        return (self.work / f'{name}.out').read_text() + (self.work / f'{name}.err').read_text()

    def kernel_drops(self):
        """What the cable itself lost, at either end."""
        text = subprocess.run(['ip', '-n', self.name, '-s', '-j', 'link', 'show', 'type', 'veth'],
                              capture_output=True, text=True, check=True).stdout
        return sum(end['stats64'][way]['dropped'] + end['stats64'][way]['errors']
                   for end in json.loads(text) for way in ('rx', 'tx'))


def memory_mb(pid, what):
    text = pathlib.Path(f'/proc/{pid}/status').read_text()
    return int(re.search(rf'{what}:\s+(\d+) kB', text)[1]) / 1e3


def record(cable, naklank, archive):
    process = cable.start('naklank', naklank, 'record', '--interface', 'mirror', '--basis',
                          'company', '--archive', archive)

    def listens():
        net.expect(process.poll() is None, f'the recorder ended at once: {cable.said("naklank")}')
        sockets = pathlib.Path(f'/proc/{process.pid}/net/packet').read_text().splitlines()
        return len(sockets) > 1
    net.wait_until('the recorder to listen', listens, 10)
    return process


def send(cable, generate, recorder, plan):
    """Sends all calls, watching the recorder; what it cost in percent of a core, by strand, and its
    memory."""
    began, before = time.monotonic(), watch.cpu_of_strands(recorder.pid)
    sender = cable.start('sender', generate, '--to-interface', 'send', '--calls', plan['calls'],
                         '--seconds', plan['talk_s'], '--stagger', plan['begin_over_s'])
    end = began + 2 * (plan['begin_over_s'] + plan['talk_s']) + 60
    told = began + 60
    while sender.poll() is None:
        net.expect(time.monotonic() < end, 'the sender does not come to an end')
        net.expect(recorder.poll() is None, f'the recorder ended: {cable.said("naklank")}')
        time.sleep(EVERY_S)
        if time.monotonic() > told:
            print(f'{time.monotonic() - began:5.0f} s: {memory_mb(recorder.pid, "VmRSS"):.0f} MB',
                  flush=True)
            told += 60
    net.expect(sender.returncode == 0, f'the sender failed: {cable.said("sender")}')
    after, lasted = watch.cpu_of_strands(recorder.pid), time.monotonic() - began
    return {name: 100 * (after[name] - before.get(name, 0)) / lasted for name in after}


def stop(recorder, seconds):
    """Ends the recorder as an operator does; gives its CPU seconds, all told."""
    recorder.send_signal(signal.SIGTERM)
    end = time.monotonic() + seconds
    pid = 0
    while pid == 0:
        net.expect(time.monotonic() < end, f'the recorder does not end within {seconds} s')
        time.sleep(net.POLL_S)
        pid, status, usage = os.wait4(recorder.pid, os.WNOHANG)
    recorder.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def number_in(pattern, text):
    found = pattern.search(text)
    return int(found[1]) if found else 0


def ledgers(naklank, archive):
    """The sums over all tracks, how many recordings, and each track's received packets."""
    text = subprocess.run([naklank, 'list', '--archive', archive, '--json'], capture_output=True,
                          check=True, timeout=LIST_S).stdout
    recordings = json.loads(text)
    tracks = [track['packets'] for recording in recordings for track in recording['tracks']]
    sums = {name: sum(track[name] for track in tracks)
            for name in ('received', 'lost', 'late', 'duplicate', 'dropped_by_us')}
    return sums, len(recordings), [track['received'] for track in tracks]


def wrong_in(found, plan, may_drop, ring_max):
    """A sentence for each promise that was broken."""
    wrong = []
    unknown = found['sent'] - found['received'] - found['dropped']
    if unknown > found['kernel_drops'] or unknown < 0:
        wrong.append(f'{found["sent"]} packets were sent, {found["received"]} received and '
                     f'{found["dropped"]} dropped: {unknown} are not accounted for')
    if found['recordings'] != plan['calls']:
        wrong.append(f'{found["recordings"]} recordings of {plan["calls"]} calls')
    ledger = found['ledger']
    if found['dropped'] + found['kernel_drops'] == 0:
        packets = int(plan['talk_s'] * 50)
        short = sum(1 for received in found['tracks'] if received != packets)
        if short or len(found['tracks']) != 2 * plan['calls']:
            wrong.append(f'{short} of {len(found["tracks"])} tracks do not hold {packets} packets')
    elif not may_drop:
        wrong.append(f'{found["dropped"]} packets were dropped by the recorder, '
                     f'{found["kernel_drops"]} by the cable')
    if found['dropped'] and not ledger['dropped_by_us']:
        wrong.append('packets were dropped, and no ledger says so')
    if ledger['dropped_by_us'] > found['dropped']:
        wrong.append(f'the ledgers say {ledger["dropped_by_us"]} dropped by us, of '
                     f'{found["dropped"]}')
    if ledger['lost'] > found['kernel_drops']:
        wrong.append(f'the ledgers say {ledger["lost"]} lost on the way, where '
                     f'{found["kernel_drops"]} were')
    for name in ('late', 'duplicate'):
        if ledger[name]:
            wrong.append(f'the ledgers say {ledger[name]} {name}, and there was none')
    if found['ring_percent'] > ring_max and not may_drop:
        wrong.append(f'the ring was {found["ring_percent"]} % full; the limit is {ring_max}')
    return wrong


def planned(calls, seconds, talk):
    """So many calls at once: how many begin, over how long."""
    held = talk + SETUP_S
    begin_over = max(seconds - held, 1.0)
    return {'at_once': calls, 'calls': max(calls, round(calls * begin_over / held)),
            'talk_s': talk, 'begin_over_s': begin_over}


def told(found, plan):
    """What is printed of a run."""
    ledger = found['ledger']
    strands = ', '.join(f'{name} {share:.1f}' for name, share in sorted(found['cpu'].items()))
    return '\n'.join((
        f'{plan["calls"]} calls of {plan["talk_s"]:g} s, {plan["at_once"]} at once: '
        f'{found["sent"]:,} packets in {found["lasted_s"]:.1f} s, '
        f'{found["sent"] / found["lasted_s"]:,.0f} a second; late by {found["late_mean_ms"]} ms on '
        f'average, {found["late_max_ms"]} ms at most',
        f'received {found["received"]:,}, dropped by the recorder {found["dropped"]}, '
        f'by the cable {found["kernel_drops"]}; ring at most {found["ring_percent"]} % full',
        f'{found["recordings"]} recordings: received {ledger["received"]:,}, '
        f'lost {ledger["lost"]}, dropped_by_us {ledger["dropped_by_us"]}, late {ledger["late"]}, '
        f'duplicate {ledger["duplicate"]}',
        f'CPU {sum(found["cpu"].values()):.1f} % of a core ({strands}), '
        f'{found["cpu_s"]:.2f} s with the end; memory {found["rss_mb"]:.0f} MB at most'))


def run(options):
    plan = planned(options.calls, options.seconds, options.talk or min(60, options.seconds / 4))
    archive = options.work.resolve() / 'archive'
    naklank, generate = options.naklank.resolve(), options.generate.resolve()
    with Cable(options.work.resolve()) as cable:
        recorder = record(cable, naklank, archive)
        cpu = send(cable, generate, recorder, plan)
        time.sleep(DRAIN_S)
        rss_mb = memory_mb(recorder.pid, 'VmHWM')
        cpu_s = stop(recorder, 60 + plan['calls'] / 10)
        kernel_drops = cable.kernel_drops()
        said = cable.said('naklank')
        net.expect(recorder.returncode == 0,
                   f'the recorder ended with {recorder.returncode}: {said[-2000:]}')
        sent = SENT.search(cable.said('sender'))
    sums, recordings, tracks = ledgers(naklank, archive)
    found = {'sent': int(sent[1]), 'lasted_s': float(sent[2]), 'late_mean_ms': float(sent[3]),
             'late_max_ms': float(sent[4]), 'received': number_in(RECEIVED, said),
             'dropped': number_in(DROPPED, said), 'ring_percent': number_in(RING, said),
             'kernel_drops': kernel_drops, 'recordings': recordings, 'ledger': sums,
             'tracks': tracks, 'cpu': cpu, 'cpu_s': cpu_s, 'rss_mb': rss_mb}
    return plan, found


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--naklank', type=pathlib.Path, required=True)
    options.add_argument('--generate', type=pathlib.Path, required=True)
    options.add_argument('--work', type=pathlib.Path, required=True)
    options.add_argument('--calls', type=int, default=200, help='at once')
    options.add_argument('--seconds', type=float, default=20, help='of load')
    options.add_argument('--talk', type=float, help='seconds of a call; a quarter, 60 at most')
    options.add_argument('--ring-max', type=int, default=50, help='percent')
    options.add_argument('--may-drop', action='store_true', help='to find out how much is too much')
    options.add_argument('--json', type=pathlib.Path, help='save what was found')
    options = options.parse_args()
    net.skip_unless_possible()
    plan, found = run(options)
    print(told(found, plan))
    if options.json:
        saved = {name: value for name, value in found.items() if name != 'tracks'}
        options.json.write_text(json.dumps({'plan': plan, **saved}, indent=1) + '\n')
    wrong = wrong_in(found, plan, options.may_drop, options.ring_max)
    print('\n'.join(wrong) or 'Nothing is missing.')
    if not wrong:
        shutil.rmtree(options.work.resolve() / 'archive')
    return bool(wrong)


if __name__ == '__main__':
    sys.exit(main())
