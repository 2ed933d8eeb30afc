"""A recording client (RFC 7866) for the tests: it calls a recorder, describes who speaks, and
sends each speaker's sound as RTP. What it says is known to the sample, so that a recording can be
compared with it.

    with Recorder(naklank, folder, '--siprec', 'udp:127.0.0.1:0') as recorder:
        client = Client(recorder.address('udp'))
        client.invite(sdp=client.offer(['1', '2']), metadata=metadata([...]))
"""

import functools
import os
import pathlib
import re
import select
import signal
import socket
import ssl
import struct
import subprocess
import threading
import time
import uuid
from typing import NamedTuple

FRAME_S = 0.02
FRAME_SAMPLES = 160


class Failed(Exception):
    pass


class Recorder:
    """`naklank serve`, started and stopped."""

    def __init__(self, naklank, archive, *options, basis='company'):
        self.naklank, self.archive = naklank, pathlib.Path(archive)
        self.options, self.basis = options, basis
        self.lines, self.listening = [], {}

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.naklank, 'serve', '--archive', self.archive, '--basis', self.basis,
             *map(str, self.options)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.ready = threading.Event()
        self.reader.start()
        if not self.ready.wait(20):
            self.process.kill()
            raise Failed('the recorder did not start:\n' + ''.join(self.lines))
        return self

    def read(self):
        for line in self.process.stderr:
            self.lines.append(line)
            if found := re.search(r'siprec=(udp|tcp|tls):(\S+)', line):
                self.listening[found[1]] = endpoint(found[2])
            if found := re.search(r'http=(\S+)', line):
                self.listening['http'] = endpoint(found[1])
            if ' ready ' in line:
                self.ready.set()
        self.ready.set()

    def address(self, transport):
        if transport not in self.listening:
            raise Failed(f'nobody listens on {transport}:\n' + ''.join(self.lines))
        return self.listening[transport]

    def wait_for_line(self, *parts, seconds=10):
        """Until a line of the log holds them all."""
        until = time.monotonic() + seconds
        while not any(all(part in line for part in parts) for line in self.lines):
            if time.monotonic() > until:
                raise Failed(f'no line of the log has {parts}:\n' + ''.join(self.lines))
            time.sleep(0.02)

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(60)
        self.reader.join(10)
        return code

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.reader.join(10)


def endpoint(text):
    host, _, port = text.rpartition(':')
    return host.strip('[]'), int(port)


def ulaw(sample):
    """G.711 mu-law of a 16-bit sample (ITU-T G.711)."""
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample) + 132, 32767)
    exponent = max(magnitude.bit_length() - 8, 0)
    return ~(sign | exponent << 4 | magnitude >> exponent + 3 & 15) & 0xFF


def from_ulaw(byte):
    byte = ~byte & 0xFF
    sample = ((byte & 15) * 8 + 132 << (byte >> 4 & 7)) - 132
    return -sample if byte & 0x80 else sample


@functools.lru_cache(maxsize=None)
def noise(seed, frame):
    state = (seed * 7919 + frame * 104729 + 1) & 0xFFFFFFFF
    out = bytearray()
    for _ in range(FRAME_SAMPLES):
        state = (state * 1103515245 + 12345) & 0xFFFFFFFF
        out.append(0x80 | state >> 16 & 0x3F | (state >> 9 & 0x40))
    return bytes(out)


class Voice:
    """A speaker's sound: payloads that are all different, by the speaker and the frame."""

    def __init__(self, seed):
        self.seed = seed

    def payload(self, frame):
        return noise(self.seed, frame)

    def samples(self, frame):
        return [from_ulaw(byte) for byte in self.payload(frame)]


class Sent(NamedTuple):
    """A packet that was sent."""
    voice: Voice
    frame: int
    at: float  # the wall's time
    timestamp: int


class Line:
    """A media line: a socket of its own, and whoever speaks on it."""

    def __init__(self, label, host):
        family = socket.AF_INET6 if ':' in host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.label, self.direction = label, 'sendonly'
        self.ssrc, self.sequence, self.timestamp = int.from_bytes(os.urandom(4), 'big'), 1000, 40000
        self.to = None
        self.frames = []  # Sent, of each packet

    @property
    def port(self):
        return self.socket.getsockname()[1]

    def send(self, voice, frame, to=None):
        header = struct.pack('!BBHII', 0x80, 0, self.sequence & 0xFFFF, self.timestamp, self.ssrc)
        packet = header + voice.payload(frame)
        self.socket.sendto(self.protect(packet), to or self.to)
        self.frames.append(Sent(voice, frame, time.time(), self.timestamp))
        self.skip()

    def protect(self, packet):
        return packet

    def skip(self, frames=1):
        self.sequence += frames
        self.timestamp += frames * FRAME_SAMPLES

    def pause(self, frames):
        """Time passes and nothing is sent."""
        self.timestamp += frames * FRAME_SAMPLES


def describe(host, lines, version, extra=''):
    """An SDP offer; `extra` stands in each media line."""
    kind = 'IP6' if ':' in host else 'IP4'
    text = (f'v=0\r\no=client 1 {version} IN {kind} {host}\r\ns=-\r\n'
            f'c=IN {kind} {host}\r\nt=0 0\r\n')
    for line in lines:
        text += (f'm=audio {line.port} {getattr(line, "profile", "RTP/AVP")} 0 8\r\n'
                 f'a=label:{line.label}\r\na={line.direction}\r\n{extra}'
                 + getattr(line, 'crypto', ''))
    return text


class Client:
    """One recording session."""

    def __init__(self, to, transport='udp', host=None, context=None, user_agent='naklank tests'):
        self.to, self.transport, self.user_agent = to, transport, user_agent
        self.host = host or ('::1' if ':' in to[0] else '127.0.0.1')
        family = socket.AF_INET6 if ':' in to[0] else socket.AF_INET
        if transport == 'udp':
            self.socket = socket.socket(family, socket.SOCK_DGRAM)
            self.socket.bind((self.host, 0))
        else:
            self.socket = socket.create_connection(to, 10)
            if transport == 'tls':
                self.socket = context.wrap_socket(self.socket, server_hostname='localhost')
        self.call_id, self.tag = str(uuid.uuid4()), uuid.uuid4().hex[:8]
        self.remote_tag, self.cseq, self.target = None, 0, None
        self.lines, self.buffer, self.version = [], b'', 0
        self.requests = []  # of the recorder

    def uri_host(self, host):
        return f'[{host}]' if ':' in host else host

    @property
    def here(self):
        host, port = self.socket.getsockname()[:2]
        return f'{self.uri_host(host)}:{port}'

    def add_line(self, label):
        self.lines.append(Line(label, self.host))
        return self.lines[-1]

    def offer(self, labels=None, extra=''):
        for label in (labels or [])[len(self.lines):]:
            self.add_line(label)
        self.version += 1
        return describe(self.host, self.lines, self.version, extra)

    def request(self, method, bodies=(), headers=(), cseq=None, branch=None):
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        host = self.uri_host(self.to[0])
        content, kind = b'', None
        if len(bodies) == 1:
            kind, content = bodies[0][0], bodies[0][1].encode()
        elif bodies:
            kind = 'multipart/mixed;boundary=parts'
            for type_, text in bodies:
                content += (f'--parts\r\nContent-Type: {type_}\r\n' + (
                    'Content-Disposition: recording-session\r\n' if 'rs-metadata' in type_ else '')
                    + f'\r\n{text}\r\n').encode()
            content += b'--parts--\r\n'
        lines = [f'{method} {self.target or f"sip:srs@{host}:{self.to[1]}"} SIP/2.0',
                 f'Via: SIP/2.0/{self.transport.upper()} {self.here}'
                 f';branch={branch or "z9hG4bK" + uuid.uuid4().hex};rport',
                 'Max-Forwards: 70', f'From: <sip:src@{self.here}>;tag={self.tag}',
                 f'To: <sip:srs@{host}>' + (f';tag={self.remote_tag}' if self.remote_tag else ''),
                 f'Call-ID: {self.call_id}', f'CSeq: {cseq} {method}',
                 f'Contact: <sip:src@{self.here};transport={self.transport}>;+sip.src',
                 f'User-Agent: {self.user_agent}', *headers]
        if kind:
            lines.append(f'Content-Type: {kind}')
        lines.append(f'Content-Length: {len(content)}')
        return ('\r\n'.join(lines) + '\r\n\r\n').encode() + content

    def send(self, message):
        if self.transport == 'udp':
            self.socket.sendto(message, self.to)
        else:
            self.socket.sendall(message)

    def receive(self, wait=5):
        """The next message, (head, body)."""
        until = time.monotonic() + wait
        while True:
            if b'\r\n\r\n' in self.buffer:
                head, _, rest = self.buffer.partition(b'\r\n\r\n')
                length = int(re.search(rb'(?im)^content-length:\s*(\d+)', head)[1])
                if len(rest) >= length:
                    self.buffer = rest[length:]
                    return head.decode(), rest[:length].decode()
            pending = getattr(self.socket, 'pending', lambda: 0)()
            if not pending and not select.select([self.socket], [], [],
                                                 max(until - time.monotonic(), 0))[0]:
                raise Failed('no answer')
            piece = self.socket.recv(65536)
            if not piece:
                raise Failed('the recorder closed the connection')
            self.buffer = piece if self.transport == 'udp' else self.buffer + piece

    def transact(self, method, bodies=(), headers=()):
        message = self.request(method, bodies, headers)
        self.send(message)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            head, body = self.receive()
            if not head.startswith('SIP/2.0 '):
                self.requests.append(head)
                self.answer(head)
                continue
            if f'CSeq: {self.cseq} {method}' not in head:
                continue
            status = int(head.split()[1])
            if status >= 200:
                return status, head, body
        raise Failed(f'{method} was not answered')

    def answer(self, request):
        """200 to a request of the recorder."""
        kept = [line for line in request.split('\r\n')
                if re.match(r'(?i)(via|from|to|call-id|cseq):', line)]
        head = '\r\n'.join(['SIP/2.0 200 OK', *kept, 'Content-Length: 0'])
        self.send((head + '\r\n\r\n').encode())

    def invite(self, sdp=None, metadata=None, headers=(), method='INVITE'):
        bodies = ([('application/sdp', sdp)] if sdp else []) + (
            [('application/rs-metadata+xml', metadata)] if metadata else [])
        status, head, body = self.transact(method, bodies, ['Require: siprec', *headers])
        if status == 200 and method == 'INVITE':
            self.remote_tag = re.search(r'(?im)^to:.*;tag=([^;\s]+)', head)[1]
            self.target = re.search(r'(?im)^contact:\s*<([^>]+)>', head)[1]
            self.send(self.request('ACK', cseq=self.cseq))
        if status == 200 and body:
            address = re.search(r'(?m)^c=IN IP[46] (\S+)', body)[1]
            for line, port in zip(self.lines, re.findall(r'(?m)^m=audio (\d+)', body)):
                line.to = (address, int(port))
        self.last_answer = body
        return status

    def bye(self):
        return self.transact('BYE')[0]


def metadata(people, mode='complete', group='g1', session='s1', extra=''):
    """people: (id, aor, name, label or None)."""
    xml = (f'<?xml version="1.0" encoding="UTF-8"?>\r\n<recording '
           f'xmlns="urn:ietf:params:xml:ns:recording:1"><datamode>{mode}</datamode>'
           f'<group group_id="{group}"/><session session_id="{session}">'
           f'<group-ref>{group}</group-ref></session>')
    for id_, aor, name, label in people:
        xml += (f'<participant participant_id="{id_}"><nameID aor="{aor}"><name>{name}</name>'
                f'</nameID></participant><participantsessionassoc participant_id="{id_}" '
                f'session_id="{session}"/>')
        if label:
            xml += (f'<stream stream_id="of-{label}" session_id="{session}"><label>{label}</label>'
                    f'</stream><participantstreamassoc participant_id="{id_}"><send>of-{label}'
                    f'</send></participantstreamassoc>')
    return xml + extra + '</recording>'


def speak(parts, frames, start=0, pace=True):
    """Each (line, voice) of parts sends so many frames, side by side, in real time."""
    begin = time.monotonic()
    for frame in range(start, start + frames):
        for line, voice in parts:
            line.send(voice, frame)
        if pace:
            ahead = begin + (frame - start + 1) * FRAME_S - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
