#!/usr/bin/env python3
"""Plays a golden call and checks what Naklank makes of it.

    run.py --naklank PROGRAM --work FOLDER SCENE
    run.py --make-only --work FOLDER SCENE      only the capture, for a look with other tools
    run.py --draft SCENE                        an expect.json of the scene's own truth, to edit

A scene is a folder here, named as a sentence: call.py tells the call (scene.py), expect.json
what must come of it. Only what expect.json names is looked at, except the sound, which must be
what was sent:

    exit, says         the exit code, and a pattern for what was said on the error channel
    summary            a pattern for what a second run, without --json, says there
    forms              how the capture is handed over: pcap, pcap-microseconds, pcapng, gzip,
                       zstd, stdin
    recordings         in the order of their start; fields as `naklank record --json` prints them,
                       and
       started_s       seconds after the scene's start
       tracks          by their "track" number
       oddities        names, all of them; has_oddities: some of them
       shown           fields as `naklank show --json` prints them; a track's gap_causes are all of
                       its gaps' causes, in alphabetical order
    conversation       how many of the recordings are linked as one conversation, one of them best
    sound              "within_samples": how far a stretch of sound may sit from where it was
                       sent (0), "sides_within_ms": the same for one side against the other (0.5);
                       false when there is none to check
    {"about": x, "within": y} stands for a number near x.
"""

import argparse
import array
import datetime
import gzip
import importlib.util
import json
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
import scene as stage  # noqa: E402
import sound  # noqa: E402

LIMIT_S = 120


def load(name):
    spec = importlib.util.spec_from_file_location('call', HERE / name / 'call.py')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.make() if hasattr(module, 'make') else stage.Scene()
    module.play(made)
    return made


# What the scene sent

def legs_of(made):
    return made.recordings or [[call.a, call.b] for call in made.calls]


def counts_of(leg):
    """The ledger's counts as the packets' fates have them."""
    arrivals = sorted((packet.at + delay, index)
                      for index, packet in enumerate(leg.sent) for delay in packet.copies)
    late, duplicate, seen, highest = 0, 0, set(), -1
    for _, index in arrivals:
        if index in seen:
            duplicate += 1
        elif index < highest:
            late += 1
        seen.add(index)
        highest = max(highest, index)
    first, last = min(seen, default=0), max(seen, default=-1)
    return {'received': len(arrivals), 'lost': last - first + 1 - len(seen), 'late': late,
            'duplicate': duplicate}


def stretches_of(leg):
    """Where each stretch of unbroken sound belongs: [(sample, samples)], counted from the leg's
    first packet that arrived. A lost packet breaks a stretch."""
    stretches, origin, end = [], None, None
    for packet in leg.sent:
        if not packet.copies:
            continue
        origin = packet.at if origin is None else origin
        if packet.samples is None:
            continue
        at = round((packet.at - origin) * packet.rate_hz / stage.SECOND)
        if stretches and at == end:
            stretches[-1][1].extend(packet.samples)
        else:
            stretches.append((at, list(packet.samples)))
        end = at + len(packet.samples)
    return stretches


# Comparing

def is_near(wanted, got):
    return isinstance(got, (int, float)) and abs(got - wanted['about']) <= wanted.get('within', 0)


def compare(wanted, got, where, wrong):
    if isinstance(wanted, dict) and 'about' in wanted:
        if not is_near(wanted, got):
            wrong.append(f'{where}: {got}, expected about {json.dumps(wanted)}')
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for number, (one, other) in enumerate(zip(wanted, got), 1):
            compare(one, other, f'{where}.{number}', wrong)
    elif isinstance(wanted, dict):
        for key, value in wanted.items():
            if not isinstance(got, dict) or key not in got:
                wrong.append(f'{where}.{key}: absent, expected {json.dumps(value)}')
            else:
                compare(value, got[key], f'{where}.{key}', wrong)
    elif wanted != got:
        wrong.append(f'{where}: {json.dumps(got)}, expected {json.dumps(wanted)}')


def compare_recording(wanted, got, where, wrong):
    wanted = dict(wanted)
    tracks = {track['track']: track for track in got['tracks']}
    for track in wanted.pop('tracks', ()):
        number = track['track']
        if number not in tracks:
            wrong.append(f'{where}: no track {number}')
        else:
            compare(track, tracks[number], f'{where}.track {number}', wrong)
    names = {oddity['name'] for oddity in got['oddities']}
    if 'oddities' in wanted and set(wanted['oddities']) != names:
        wrong.append(f'{where}.oddities: {sorted(names)}, expected {sorted(wanted["oddities"])}')
    for name in wanted.get('has_oddities', ()):
        if name not in names:
            wrong.append(f'{where}.oddities: {sorted(names)}, expected {name} among them')
    special = ('oddities', 'has_oddities', 'shown')
    rest = {key: value for key, value in wanted.items() if key not in special}
    compare(rest, got, where, wrong)


def find_near(samples, at, stretch, within):
    """Whether the stretch is in samples at `at`, give or take; the offset it is at, or None."""
    for off in sorted(range(-within, within + 1), key=abs):
        if at + off >= 0 and samples[at + off:at + off + len(stretch)] == stretch:
            return off
    return None


def compare_sound(leg, got, within, where, wrong):
    """got: what the recording has from the leg's first packet to its last."""
    stretches = [(at, array.array('h', samples)) for at, samples in stretches_of(leg)]
    for at, samples in stretches:
        off = find_near(got, at, samples, within)
        if off is None:
            wrong.append(f'{where}: the {len(samples)} samples sent at sample {at} are not there'
                         + (f' within {within}' if within else ''))
            return
        got[at + off:at + off + len(samples)] = array.array('h', bytes(2 * len(samples)))
    if got.tobytes().strip(b'\0'):  # much faster than any(), where there are hours of them
        first = next(i for i, sample in enumerate(got) if sample)
        wrong.append(f'{where}: sound at sample {first} that nobody sent')
    last = leg.sent[-1]
    if stretches and last.copies and last.samples and abs(len(got) - (at + len(samples))) > within:
        wrong.append(f'{where}: {len(got)} samples, expected {at + len(samples)}')


def check_conversation(size, recordings, wrong):
    linked = [recording['conversation'] for recording in recordings if recording['conversation']]
    best = sum(1 for conversation in linked if conversation['best'])
    names = {conversation['id'] for conversation in linked}
    if len(linked) != size or len(names) != 1 or best != 1:
        wrong.append(f'{len(linked)} recordings in {len(names)} conversations, {best} of them '
                     f'best; expected {size} in one, one of them best')


class Runner:
    def __init__(self, program, work, name):
        self.program, self.work, self.name = program, work, name
        self.archive = work / 'archive'
        self.wrong = []

    def naklank(self, *arguments, **options):
        return subprocess.run([self.program, *map(str, arguments)], capture_output=True,
                              timeout=LIMIT_S,
                              **options)

    def export(self, recording, track, *arguments):
        path = self.work / 'track.s16'
        path.unlink(missing_ok=True)
        done = self.naklank('export', recording, '--archive', self.archive, '--track', track,
                            '--format', 's16le', '-o', path, *arguments)
        if done.returncode:
            raise RuntimeError(f'export of {recording} failed: {done.stderr.decode()}')
        samples = array.array('h', path.read_bytes())
        if sys.byteorder == 'big':
            samples.byteswap()
        return samples

    def hand_over(self, made, form):
        """The capture as a file or on standard input: (argument of --read, options of the run)."""
        if form == 'stdin':
            return '-', {'input': made.capture()}
        path = self.work / f'capture.{form}'
        if form == 'gzip':
            path.write_bytes(gzip.compress(made.capture(), mtime=0))
        elif form == 'zstd':
            subprocess.run(['zstd', '-q', '-f', '-', '-o', path], input=made.capture(), check=True)
        else:
            path.write_bytes(made.capture(form))
        return path, {}

    def check(self, made, expected, form):
        shutil.rmtree(self.archive, ignore_errors=True)
        argument, options = self.hand_over(made, form)
        arguments = ['record', '--read', argument, '--archive', self.archive]
        if made.key_log is not None:
            keys = self.work / 'keys.log'
            keys.write_text(made.key_log)
            arguments += ['--tls-keylog', keys]
        done = self.naklank(*arguments, '--json', **options)
        said = done.stderr.decode(errors='replace')
        wrong = []
        compare(expected.get('exit', 0), done.returncode, 'exit', wrong)
        if not re.search(expected.get('says', ''), said):
            wrong.append(f'says: {said.strip()!r}, expected {expected["says"]!r}')
        if 'recordings' in expected:
            recordings = json.loads(done.stdout) if done.stdout.strip() else []
            self.check_recordings(made, expected, recordings, wrong)
        if 'summary' in expected:  # only people get one
            shutil.rmtree(self.archive)
            summary = self.naklank(*arguments, **options).stderr.decode(errors='replace')
            if not re.search(expected['summary'], summary):
                wrong.append(f'summary: {summary.strip()!r}, expected {expected["summary"]!r}')
        self.wrong += [f'{self.name} ({form}): {what}' for what in wrong]
        if wrong:
            print(done.stdout.decode(errors='replace'), said, file=sys.stderr)

    def check_recordings(self, made, expected, recordings, wrong):
        for recording in recordings:
            started = datetime.datetime.fromisoformat(recording['started'])
            recording['started_s'] = started.timestamp() - made.start / stage.SECOND
        recordings.sort(key=lambda recording: (recording['started_s'], recording['id']))
        if len(recordings) != len(expected['recordings']):
            wrong.append(f'{len(recordings)} recordings, expected {len(expected["recordings"])}')
            return
        how = expected.get('sound', {})
        for number, (wanted, got) in enumerate(zip(expected['recordings'], recordings), 1):
            compare_recording(wanted, got, f'recording {number}', wrong)
            if 'shown' in wanted:
                self.check_shown(wanted['shown'], got['id'], f'recording {number}, shown', wrong)
            if how is not False:
                self.check_sound(legs_of(made)[number - 1], got, how,
                                 f'recording {number}', wrong)

        if 'conversation' in expected:
            check_conversation(expected['conversation'], recordings, wrong)

    def check_shown(self, wanted, recording, where, wrong):
        done = self.naklank('show', recording, '--archive', self.archive, '--json')
        shown = json.loads(done.stdout)
        for track in shown['tracks']:
            track['gap_causes'] = sorted({gap['cause'] for gap in track['gaps']})
        compare(wanted, shown, where, wrong)

    def check_sound(self, legs, got, how, where, wrong):
        within = how.get('within_samples', 0)
        starts = {}
        for track, leg in enumerate(legs, 1):
            if leg is None or not any(packet.copies and packet.samples for packet in leg.sent):
                continue
            trimmed = self.export(got['id'], track, '--trim')
            whole = self.export(got['id'], track)
            begin = whole.tobytes().find(trimmed.tobytes())
            first = next(packet for packet in leg.sent if packet.copies)
            starts[track] = (begin // 2 / first.rate_hz, first.at / stage.SECOND)
            compare_sound(leg, trimmed, within, f'{where}, track {track}', wrong)
        if len(starts) > 1:  # the two sides must sit as they were against each other
            (got_a, sent_a), (got_b, sent_b) = list(starts.values())[:2]
            apart = (got_b - got_a) - (sent_b - sent_a)
            if abs(apart) * 1000 > how.get('sides_within_ms', 0.5):
                wrong.append(f'{where}: track 2 sits {apart * 1000:.2f} ms off against track 1')


def draft(made):
    recordings = []
    for legs in legs_of(made):
        tracks = [{'track': number, 'codec': leg.codec.name, 'packets': counts_of(leg)}
                  for number, leg in enumerate(legs, 1) if leg]
        call = next(leg for leg in legs if leg).call
        recordings.append({'caller': {'number': call.a.phone.number},
                           'callee': {'number': call.b.phone.number},
                           'ending': 'bye', 'tracks': tracks, 'oddities': []})
    return {'recordings': recordings}


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--naklank')
    options.add_argument('--work', type=pathlib.Path)
    options.add_argument('--make-only', action='store_true')
    options.add_argument('--draft', action='store_true')
    options.add_argument('scene')
    options = options.parse_args()

    made = load(options.scene)
    if options.draft:
        print(json.dumps(draft(made), indent=2))
        return 0
    if options.make_only:
        path = options.work / f'{options.scene}.pcap'
        path.write_bytes(made.capture())
        print(path)
        return 0

    expected = json.loads((HERE / options.scene / 'expect.json').read_text())
    work = options.work / options.scene
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    runner = Runner(options.naklank, work, options.scene)
    for form in expected.get('forms', ['pcap']):
        runner.check(made, expected, form)
    print('\n'.join(runner.wrong) or f'{options.scene}: as expected')
    return 1 if runner.wrong else 0


if __name__ == '__main__':
    sys.exit(main())
