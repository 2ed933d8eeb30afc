"""Small files that cost much, made byte by byte: nobody's encoder would write them."""

import struct


def crc(data, polynomial, bits):
    value = 0
    for byte in data:
        value ^= byte << (bits - 8)
        for _ in range(8):
            value = (value << 1) ^ (polynomial if value >> (bits - 1) else 0)
            value &= (1 << bits) - 1
    return value


def utf8(number):
    """A frame's number as FLAC writes it."""
    return chr(number).encode('utf-8', 'surrogatepass')


def silent_flac(path, seconds, rate=8000, channels=1):
    """Silence, in frames that each say "so many zeros"."""
    block = 65535
    frames = -(-seconds * rate // block)
    about = struct.pack('>HH', block, block) + bytes(6) + struct.pack(
        '>Q', rate << 44 | (channels - 1) << 41 | 15 << 36 | frames * block) + bytes(16)
    with open(path, 'wb') as out:
        out.write(b'fLaC\x80\x00\x00\x22' + about)
        for number in range(frames):
            head = b'\xff\xf8\x70' + bytes([(channels - 1) << 4 | 4 << 1]) + utf8(number)
            head += struct.pack('>H', block - 1)
            frame = head + bytes([crc(head, 0x07, 8)]) + channels * b'\0\0\0'
            out.write(frame + struct.pack('>H', crc(frame, 0x8005, 16)))


def silent_amr(path, seconds):
    """A byte of "nothing was sent" for each 20 ms (RFC 4867 5.3)."""
    path.write_bytes(b'#!AMR\n' + b'\x7c' * (50 * seconds))


def box(kind, body):
    return struct.pack('>I', 8 + len(body)) + kind + body


def greedy_m4a(path, places):
    """A table that says it has so many places of eight bytes, and has none."""
    table = box(b'stco', struct.pack('>II', 0, places) + bytes(64))
    for kind in (b'stbl', b'minf', b'mdia', b'trak', b'moov'):
        table = box(kind, table)
    path.write_bytes(box(b'ftyp', b'M4A \0\0\0\0M4A ') + table)
