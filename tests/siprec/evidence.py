"""What a recorder kept, compared with what was said to it: every sample, on whose track, and when.

    recording = find(naklank, archive, call_id)
    recording.expect_sound([('1', '+31201', line.frames), ...])
"""

import array
import json
import subprocess
import time

from recording_client import FRAME_SAMPLES, Failed

RATE_HZ = 8000
SKEW_S = 0.15  # by which two speakers may lie apart from when they spoke, on a busy machine


def expect(condition, otherwise):
    if not condition:
        raise Failed(otherwise)


def expect_equal(got, wanted, what):
    expect(got == wanted, f'{what}: {got}, expected {wanted}')


def ask(naklank, archive, *command):
    """What a command says with --json."""
    got = subprocess.run([naklank, *command, '--archive', archive, '--json'],
                         capture_output=True, text=True)
    expect(got.stdout, f'{command} said nothing: {got.stderr}')
    return json.loads(got.stdout)


def find_all(naklank, archive):
    return [Recording(ask(naklank, archive, 'show', one['id']))
            for one in ask(naklank, archive, 'list')]


def find(naklank, archive, call_id):
    found = [r for r in find_all(naklank, archive) if r.shown['sip']['call_id'] == call_id]
    expect_equal(len(found), 1, f'recordings of {call_id}')
    return found[0]


def expect_in_order(naklank, archive):
    found = ask(naklank, archive, 'verify', '--all')
    expect_equal((found['wrong'], found['strangers']), ([], []), 'verify --all')


def holds_bytes(folder, needle):
    """Whether any file below the folder has these bytes in it."""
    return any(needle in path.read_bytes() for path in folder.rglob('*') if path.is_file())


def wait_for_bytes(folder, needle, seconds=10):
    until = time.monotonic() + seconds
    while not holds_bytes(folder, needle):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


class Recording:
    def __init__(self, shown):
        self.shown = shown
        self.id = shown['id']
        self.tracks = shown['tracks']
        self.numbers = {p['party']: p['number'] for p in shown['parties']}
        self.decoded = None

    @property
    def oddities(self):
        return sorted(one['name'] for one in self.shown['oddities'])

    def samples(self, track):
        """The samples of a track's channel."""
        audio = self.shown['audio']
        expect_equal((audio['rate_hz'], audio['channels']), (RATE_HZ, max(2, len(self.tracks))),
                     'rate and channels')
        if self.decoded is None:
            raw = subprocess.run(['flac', '-s', '-d', '-c', '--force-raw-format',
                                  '--endian=little', '--sign=signed', audio['path']],
                                 check=True, capture_output=True).stdout
            self.decoded = array.array('h', raw)
            expect_equal(len(self.decoded), audio['frames'] * audio['channels'], 'samples')
        return self.decoded[track['track'] - 1::audio['channels']]

    def track(self, label, number):
        found = [t for t in self.tracks
                 if t['label'] == label and self.numbers[t['party']] == number]
        expect_equal(len(found), 1, f'tracks of {number} on line {label}')
        return found[0]

    def gaps(self, label, number, but=('not-begun', 'ended')):
        return [(gap['cause'], gap['from_ms'], gap['to_ms'])
                for gap in self.track(label, number)['gaps'] if gap['cause'] not in but]

    def expect_sound(self, said, lost=0, withheld=0):
        """`said`: the line's label, the speaker's number, and the packets that are theirs; a track
        of each, and no more. All else in the tracks is silence."""
        expect_equal(len(self.tracks), len(said), 'tracks')
        begins = []
        for label, number, sent in said:
            track = self.track(label, number)
            who = f'{number} on line {label}'
            counts = track['packets']
            expect_equal({name: counts[name] for name in ('received', 'lost', 'withheld', 'late',
                                                          'duplicate', 'dropped_by_us')},
                         {'received': len(sent) + withheld, 'lost': lost, 'withheld': withheld,
                          'late': 0, 'duplicate': 0, 'dropped_by_us': 0}, f'packets of {who}')
            begins.append((self.expect_frames(self.samples(track), sent, who), sent[0].at, who))
        first, first_at, _ = begins[0]
        for begin, at, who in begins[1:]:
            skew = (begin - first) / RATE_HZ - (at - first_at)
            expect(abs(skew) < SKEW_S, f'{who} lies {skew:.3f} s from where it was said')

    def expect_frames(self, samples, sent, who):
        """Every packet is where its time stamp puts it, counted from the first; where that is."""
        first = array.array('h', sent[0].voice.samples(sent[0].frame)).tobytes()
        at = samples.tobytes().find(first)
        expect(at >= 0 and at % 2 == 0, f'{who}: the first packet is not there')
        begin = at // 2
        rest = array.array('h', samples)
        silence = array.array('h', bytes(2 * FRAME_SAMPLES))
        for packet in sent:
            place = begin + packet.timestamp - sent[0].timestamp
            expect(samples[place:place + FRAME_SAMPLES].tolist()
                   == packet.voice.samples(packet.frame),
                   f'{who}: frame {packet.frame} is not at {place / RATE_HZ:.3f} s')
            rest[place:place + FRAME_SAMPLES] = silence
        expect(not any(rest), f'{who}: something is heard that was not said')
        return begin

    def expect_parties(self, *wanted):
        """(role, number, name) of each."""
        got = [(p['party'], p['number'], p['name']) for p in self.shown['parties']]
        expect_equal(got, list(wanted), 'parties')

    def expect_events(self, *wanted):
        """(what, party) of each, in order."""
        expect_equal([(e['what'], e['party']) for e in self.shown['events']], list(wanted),
                     'events')

    def when(self, what, party=None):
        """At how many milliseconds it happened, the first time."""
        return next(e['at_ms'] for e in self.shown['events']
                    if e['what'] == what and party in (None, e['party']))
