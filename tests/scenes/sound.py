"""Sound for made-up calls: voices that never repeat a packet, and the telephone's encodings.

Samples are lists of ints, 16-bit signed, one channel.
"""

import array
import bisect
import math
import random
import sys
from typing import Callable, NamedTuple, Optional


def _alaw_value(code):  # ITU-T G.711 table 1
    code ^= 0x55
    segment = (code & 0x70) >> 4
    value = ((code & 0x0f) << 4) + (8 if segment == 0 else 0x108)
    value <<= max(segment - 1, 0)
    return value if code & 0x80 else -value


def _ulaw_value(code):  # ITU-T G.711 table 2
    code ^= 0xff
    value = (((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4)
    return 0x84 - value if code & 0x80 else value - 0x84


class _Law:
    """An encoding of one byte a sample, as its 256 values; encoding takes the nearest."""

    def __init__(self, value_of):
        self.values = [value_of(code) for code in range(256)]
        ordered = sorted((value, code) for code, value in enumerate(self.values))
        steps = [value for value, _ in ordered]
        self.codes = bytearray(65536)
        for sample in range(-32768, 32768):
            at = bisect.bisect_left(steps, sample)
            near = min((at - 1, at),
                       key=lambda i: abs(steps[i] - sample) if 0 <= i < 256 else 1 << 20)
            self.codes[sample & 0xffff] = ordered[near][1]

    def encode(self, samples):
        return bytes([self.codes[sample & 0xffff] for sample in samples])

    def decode(self, payload):
        return [self.values[code] for code in payload]


_alaw, _ulaw = _Law(_alaw_value), _Law(_ulaw_value)


def _swapped(samples):
    words = array.array('h', samples)
    if sys.byteorder == 'little':
        words.byteswap()
    return words


def _l16_encode(samples):  # RFC 3551 4.5.11
    return _swapped(samples).tobytes()


def _l16_decode(payload):
    words = array.array('h')
    words.frombytes(payload)
    return _swapped(words).tolist()


class Codec(NamedTuple):
    name: str
    payload_type: int
    clock_hz: int = 8000
    encode: Optional[Callable] = None
    decode: Optional[Callable] = None  # None: its samples cannot be known here

    @property
    def rtpmap(self):
        return f'{self.payload_type} {self.name}/{self.clock_hz}'


PCMU = Codec('PCMU', 0, 8000, _ulaw.encode, _ulaw.decode)
PCMA = Codec('PCMA', 8, 8000, _alaw.encode, _alaw.decode)
TELEPHONE_EVENT = Codec('telephone-event', 101)
COMFORT_NOISE = Codec('CN', 13)


def l16(rate_hz, payload_type=97):
    return Codec('L16', payload_type, rate_hz, _l16_encode, _l16_decode)


def unheard_of(name='X-NOVELTY', payload_type=98):
    """A codec that nobody can decode: its payload is noise."""
    chance = random.Random(name)
    return Codec(name, payload_type, 8000, lambda samples: chance.randbytes(40))


def encrypted(codec, seed=1):
    """The same codec with its payload turned into noise of the same length, as SRTP does (with
    its tag)."""
    chance = random.Random(seed)
    return codec._replace(encode=lambda samples: chance.randbytes(len(codec.encode(samples)) + 10),
                          decode=None)


class Glide:
    """A tone that wanders, so that no two stretches of it are the same; silent never."""

    def __init__(self, seed):
        chance = random.Random(seed)
        self._hz = 250 + 300 * chance.random()
        self._sweep = 60 + 60 * chance.random()
        self._wander = 0.3 + 0.4 * chance.random()
        self._at = 0.0  # seconds
        self._phase = 0.0

    def next(self, count, rate_hz):
        out = []
        for _ in range(count):
            hz = self._hz + self._sweep * math.sin(2 * math.pi * self._wander * self._at)
            self._phase += hz / rate_hz
            self._at += 1 / rate_hz
            out.append(round(9000 * math.sin(2 * math.pi * self._phase)
                             + 1500 * math.sin(6 * math.pi * self._phase + self._at)))
        return out


class Samples:
    """A voice that says given samples and is then silent."""

    def __init__(self, samples):
        self._samples = list(samples)
        self._at = 0

    def next(self, count, rate_hz):
        out = self._samples[self._at:self._at + count]
        self._at += count
        return out + [0] * (count - len(out))


def s16le(samples):
    words = array.array('h', samples)
    if sys.byteorder == 'big':
        words.byteswap()
    return words.tobytes()
