#!/usr/bin/env python3
"""Records every capture of the shared corpus and compares with what its manifest says is in it.

    corpus_check.py --naklank PROGRAM --work FOLDER [--only NAME]
    corpus_check.py --naklank PROGRAM --work FOLDER --update    writes corpus_expected.json anew

The captures are others' and stay where they are ($NK_CORPUS, else ../shared/corpus beside the
project); this test is skipped (77) when they are absent. Two things are checked for each file:

  - against MANIFEST.tsv: exit code, answered calls, packets, codecs, how long each stream sounds,
    and the SHA-256 of the samples of streams that are alone in their track. Whatever differs must
    stand in corpus_expected.json under "differs", with a reason.
  - against corpus_expected.json: the recordings exactly as they were when a person last looked.

corpus_expected.json holds counts, file names and codec names, never voices, numbers or names.
"""

import argparse
import concurrent.futures
import csv
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
EXPECTED = HERE / 'corpus_expected.json'
LIMIT_S = 120
NOT_COUNTED = ('telephone-event', 'CN')


def corpus_folder():
    folder = os.environ.get('NK_CORPUS') or HERE.parent.parent / 'shared/corpus'
    return pathlib.Path(folder) / 'pcap'


def streams_of(row):
    """The manifest's streams: dicts with ssrc, codec, pk, media or wall seconds, s16le_sha256."""
    streams = []
    for text in filter(None, row['streams_detail'].split(' ; ')):
        fields = dict(re.findall(r'(\w+)=(\S+)', text))
        named = re.search(r'ssrc=0x([0-9a-f]+) (\S+)', text)
        if named and 'pk' in fields:
            seconds = fields.get('media') or fields.get('wall') or '0'
            streams.append({'ssrc': int(named.group(1), 16), 'codec': named.group(2),
                            'packets': int(fields['pk']), 'seconds': float(seconds.rstrip('s')),
                            'sha256': fields.get('s16le_sha256')})
    return streams


class Check:
    def __init__(self, program, work, row):
        self.program, self.row = program, row
        self.work = work / re.sub(r'[^\w.-]', '_', row['file'])
        self.recordings = []

    def naklank(self, *arguments):
        return subprocess.run([self.program, *map(str, arguments), '--archive', self.work],
                              capture_output=True, timeout=LIMIT_S)

    def run(self, path):
        """What came of it, as corpus_expected.json has it."""
        shutil.rmtree(self.work, ignore_errors=True)
        try:
            done = self.naklank('record', '--read', path, '--json')
        except subprocess.TimeoutExpired:
            return {'exit': 'hangs', 'recordings': [],
                    'differs': [f'still running after {LIMIT_S} s']}
        if done.stdout.strip():
            try:
                self.recordings = json.loads(done.stdout)
            except ValueError:
                return {'exit': done.returncode, 'recordings': [],
                        'differs': ['what it printed is no JSON: '
                                    + done.stderr.decode(errors='replace')[-200:].strip()]}
        found = {'exit': done.returncode,
                 'recordings': [self.summary(got) for got in self.recordings],
                 'differs': [*self.differences(done.returncode)]}
        shutil.rmtree(self.work, ignore_errors=True)
        return found

    @staticmethod
    def summary(got):
        tracks = [' '.join([track['codec'] or '-', str(track['packets']['received']),
                            *(f'{name}={count}' for name, count in track['packets'].items()
                              if count and name != 'received')]) for track in got['tracks']]
        return {'ending': got['ending'], 'answered': got['answered'],
                'duration_ms': got['duration_ms'],
                'tracks': tracks, 'oddities': sorted(oddity['name'] for oddity in got['oddities'])}

    def tracks(self):
        return [(got, track) for got in self.recordings for track in got['tracks']]

    def differences(self, code):
        if code != 0:
            yield f'exit {code}'
        answered = sum(1 for got in self.recordings if got['answered'])
        if answered != int(self.row['answered'] or 0):
            yield f'answered {answered}, manifest {self.row["answered"]}'
        streams = streams_of(self.row)
        got = sum(track['packets']['received'] for _, track in self.tracks())
        wanted = sum(stream['packets'] for stream in streams)
        if got != wanted:
            yield f'packets {got}, manifest {wanted}'
        codecs = {track['codec'].lower()
                  for _, track in self.tracks() if track['packets']['received']}
        named = {stream['codec'].lower() for stream in streams
                 if stream['codec'] not in NOT_COUNTED}
        if codecs != named:
            both = (' '.join(sorted(names)) or 'none' for names in (codecs, named))
            yield 'codecs {}, manifest {}'.format(*both)
        for stream in streams:
            yield from self.differences_of(stream)

    def differences_of(self, stream):
        """A stream alone in its track must sound as long, and as, the manifest says."""
        alone = [(got, track) for got, track in self.tracks() if track['ssrcs'] == [stream['ssrc']]]
        name = f'ssrc {stream["ssrc"]:#010x}'
        # One SSRC may be seen at several points; one of its tracks must fit.
        lengths = [(track['sound_to_ms'] - track['sound_from_ms']) / 1000 for _, track in alone
                   if track.get('sound_to_ms') is not None and track['sound_to_ms'] > 0]
        wanted = stream['seconds']
        if lengths and not any(abs(length - wanted) <= 0.1 + wanted / 100 for length in lengths):
            yield f'{name}: {max(lengths):.2f} s of sound, manifest {wanted:.2f}'
        if not stream['sha256']:
            return
        if not alone:
            yield f'{name}: not alone in a track, so its hash is not looked at'
        elif stream['sha256'] not in {self.digest_of(got['id'], track['track'])
                                      for got, track in alone}:
            yield f'{name}: other samples than the manifest\'s s16le_sha256'

    def digest_of(self, recording, track):
        path = self.work / 'track.s16'
        path.unlink(missing_ok=True)
        done = self.naklank('export', recording, '--track', track, '--format', 's16le', '--trim',
                            '-o', path)
        return hashlib.sha256(path.read_bytes()).hexdigest() if done.returncode == 0 else None


def complaints(name, found, expected):
    if expected is None:
        if found['differs']:
            yield 'not in corpus_expected.json'
        yield from found['differs']
        return
    for key in ('exit', 'recordings'):
        if found[key] != expected[key]:
            yield f'{key}: {json.dumps(found[key])}'
            yield f'{" " * len(key)}  expected {json.dumps(expected[key])}'
    for what in found['differs']:
        if what not in expected.get('differs', []):
            yield what
    for what in expected.get('differs', []):
        if what not in found['differs']:
            yield f'no longer: {what}'
    if expected.get('differs') and not expected.get('reason'):
        yield f'differs from the manifest without a reason: {"; ".join(expected["differs"])}'


def write_expected(all_found, before):
    entries = []
    for name, found in sorted(all_found.items()):
        entry = dict(found)
        if not entry['differs']:
            del entry['differs']
        else:
            entry['reason'] = before.get(name, {}).get('reason', '')
        entries.append(f'  {json.dumps(name)}: {json.dumps(entry)}')
    EXPECTED.write_text('{\n' + ',\n'.join(entries) + '\n}\n')
    open_reasons = sum('"reason": ""' in entry for entry in entries)
    print(f'{EXPECTED.name}: {len(entries)} files; {open_reasons} of them differ and want a reason')


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--naklank', required=True)
    options.add_argument('--work', type=pathlib.Path, required=True)
    options.add_argument('--update', action='store_true')
    options.add_argument('--only', default='')
    options = options.parse_args()
    folder = corpus_folder()
    if not (folder / 'MANIFEST.tsv').exists():
        print(f'The shared captures are not here ({folder}); set NK_CORPUS to their folder. '
              'Skipped.')
        return 77
    expected = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}
    with open(folder / 'MANIFEST.tsv', newline='') as file:
        rows = [row for row in csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE)
                if options.only in row['file'] and (folder / row['file']).exists()]
    options.work.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = dict(zip([row['file'] for row in rows], pool.map(
            lambda row: Check(options.naklank, options.work, row).run(folder / row['file']), rows)))
    if options.update:
        write_expected({**expected, **found}, expected)
        return 0
    wrong = 0
    for name, what in found.items():
        lines = list(complaints(name, what, expected.get(name)))
        wrong += bool(lines)
        if lines:
            print(name, *lines, sep='\n    ')
    print(f'{len(found)} captures, {wrong} not as expected')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
