"""Calls told as small stories, turned into captures that are the same every time.

    def play(scene):
        ann = scene.phone('+31201234567', '192.0.2.10')
        bob = scene.phone('+31207654321', '198.51.100.20')
        call = scene.call(ann, bob)
        call.set_up()
        call.talk(2.0)
        call.hang_up()

The scene has one clock, `scene.now` in nanoseconds; what happens moves it. Every leg of a call
notes what it sent and what became of each packet (`leg.sent`), so that a test knows which sample
belongs where."""

import random
import struct
from typing import NamedTuple

import net
import sound

SECOND = 1_000_000_000
START = 1_772_442_000 * SECOND  # 2026-03-02 09:00:00 UTC


def ns(seconds):
    return round(seconds * SECOND)


class Phone(NamedTuple):
    number: str
    address: str
    name: str = ''
    sip_port: int = 5060

    @property
    def host(self):
        return f'[{self.address}]' if ':' in self.address else self.address

    @property
    def uri(self):
        return f'sip:{self.number}@{self.host}'

    @property
    def sip(self):
        return self.address, self.sip_port


class SentPacket(NamedTuple):
    at: int          # when it was sent: where its sound belongs
    rate_hz: int
    samples: list    # as a decoder gives them; None when it carries none
    copies: tuple    # the delay of each copy that arrived, in ns; empty: lost


class Scene:
    def __init__(self, link=None, start=START):
        self.link = link or net.ethernet()
        self.start = self.now = start
        self.calls = []
        self.recordings = None   # lists of legs, when not simply the calls' own
        self.clock = lambda at: at  # what the capturing machine's clock showed
        self.raw = None          # the file's bytes, when it is no capture at all
        self.key_log = None      # the text of --tls-keylog
        self.cut_bytes = 0       # taken off the file's end
        self._packets = []
        self._identification = 0
        self._ports = {}
        self.chance = random.Random(7)

    def phone(self, number, address, name='', **options):
        return Phone(number, address, name, **options)

    def call(self, caller, callee, **options):
        call = Call(self, caller, callee, **options)
        self.calls.append(call)
        return call

    def pair(self, **options):
        """The two who call each other in most scenes."""
        return (self.phone('+31201234567', '192.0.2.10', 'Front desk', **options),
                self.phone('+31207654321', '198.51.100.20', **options))

    def wait(self, seconds):
        self.now += ns(seconds)

    def port(self, address):
        """The next free even port of an address."""
        self._ports[address] = self._ports.get(address, 40_000 - 2) + 2
        return self._ports[address]

    # What is sent

    def put(self, packet, at=None):
        self._packets.append((self.now if at is None else at, len(self._packets), packet))

    def postpone(self, number, seconds):
        """The number-th packet put so far arrives later than it was sent."""
        at, order, packet = self._packets[number]
        self._packets[number] = at + ns(seconds), order, packet

    def forget_the_past(self):
        """The capture begins only now, in the middle of what goes on."""
        self._packets = [entry for entry in self._packets if entry[0] >= self.now]
        for call in self.calls:
            call.a.sent.clear()
            call.b.sent.clear()

    def mirror_twice(self, seconds=0.00005, change=lambda packet: packet):
        """Every packet so far is captured a second time, shortly after, as `change` leaves it."""
        for at, _, packet in list(self._packets):
            self.put(change(packet), at + ns(seconds))
        for leg in (leg for call in self.calls for leg in (call.a, call.b)):
            leg.sent = [packet._replace(copies=tuple(
                delay + extra for delay in packet.copies for extra in (0, ns(seconds))))
                for packet in leg.sent]

    def udp(self, source, destination, payload, at=None, fragment_bytes=0):
        self._identification += 1
        segment = net.udp_segment(source, destination, payload)
        if fragment_bytes:
            parts = list(net.in_fragments(source[0], destination[0], net.UDP, segment,
                                          fragment_bytes,
                                          self._identification))
            for part in reversed(parts):  # the order in which they are hardest to join
                self.put(part, at)
        else:
            self.put(net.ip_packet(source[0], destination[0], net.UDP, segment,
                                   self._identification), at)

    # The finished capture

    def frames(self):
        number, frame = self.link
        # A capture is in the order of arrival, whatever its clock showed.
        return number, [(self.clock(at), frame(packet)) for at, _, packet in sorted(self._packets)]

    def capture(self, form='pcap'):
        if self.raw is not None:
            return self.raw
        number, frames = self.frames()
        made = (net.pcapng(frames, number) if form == 'pcapng' else
                net.pcap(frames, number, nanoseconds=form != 'pcap-microseconds'))
        return made[:len(made) - self.cut_bytes]


class Leg:
    """One party's end of a call: its tag, where it wants its media, and the stream it sends."""

    def __init__(self, call, phone, seed):
        chance = random.Random(seed)
        self.call, self.phone = call, phone
        self.tag = f'{chance.getrandbits(40):010x}'
        self.media = (phone.address, call.scene.port(phone.address))
        self.source = None       # where it really sends from, when not from there
        self.ssrc = chance.getrandbits(32)
        self.sequence = chance.getrandbits(14)
        self.timestamp = chance.getrandbits(31)
        self.codec = call.codecs[0]
        self.voice = sound.Glide(seed)
        self.frame_ms = 20
        self.delay_ms = 0        # after the scene's clock
        self.keeps_timestamps = False  # pausing does not move its time stamps
        self.fate = None         # index of the packet -> delays (s) of the copies that arrive
        self.direction = 'sendrecv'
        self.sdp_version = 1
        self.codecs = call.codecs
        self.sdp_lines = ()      # further lines of its media section
        self.protocol = 'RTP/AVP'
        self.srtp = None         # what encrypts its packets (srtp.py)
        self.extension = b''     # of its packets' headers: whole words (RFC 3550 5.3.1)
        self.sent = []
        self._quiet_since = None
        self._marker = True
        self._stream_from = 0    # index into `sent` of the stream's first packet
        self._octets = 0

    def other(self):
        return self.call.b if self is self.call.a else self.call.a

    # Signalling

    def sdp(self):
        host, port = self.media
        family = 'IP6' if ':' in host else 'IP4'
        types = ' '.join(str(codec.payload_type) for codec in self.codecs)
        lines = ['v=0', f'o=- {self.ssrc} {self.sdp_version} IN {family} {host}', 's=-',
                 f'c=IN {family} {host}', 't=0 0', f'm=audio {port} {self.protocol} {types}']
        for codec in self.codecs:
            lines.append(f'a=rtpmap:{codec.rtpmap}')
            if codec.name == 'telephone-event':
                lines.append(f'a=fmtp:{codec.payload_type} 0-15')
        if self.call.rtcp_mux:
            lines.append('a=rtcp-mux')
        lines += [*self.sdp_lines, f'a={self.direction}']
        return '\r\n'.join(lines).encode() + b'\r\n'

    # Media

    def rtp(self, payload, payload_type, at, copies, marker=False):
        header = struct.pack('!BBHII', 0x90 if self.extension else 0x80,
                             payload_type | (0x80 if marker else 0), self.sequence,
                             self.timestamp & 0xffffffff, self.ssrc)
        if self.extension:
            header += struct.pack('!HH', 0xbede, len(self.extension) // 4) + self.extension
        packet = header + payload
        if self.srtp:
            packet = self.srtp.protect(packet)
        self.sequence = (self.sequence + 1) & 0xffff
        self._octets += len(payload)
        for delay in copies:
            self.call.scene.udp(self.source or self.media, self.call.target_of(self),
                                packet, at + delay)

    def _copies(self):
        delays = self.fate(len(self.sent)) if self.fate else (0,)
        return tuple(ns(delay) for delay in delays)

    def _catch_up(self, at):
        """Moves the time stamp over the time in which nothing was sent, as a sender does."""
        if self._quiet_since is not None and not self.keeps_timestamps and at > self._quiet_since:
            self.timestamp += round((at - self._quiet_since) * self.codec.clock_hz / SECOND)
            self._marker = True

    def speak(self, seconds, at=None):
        """Sends sound from `at` on (the scene's now), without moving the scene's clock."""
        at = (self.call.scene.now if at is None else at) + ns(self.delay_ms / 1000)
        self._catch_up(at)
        count = self.codec.clock_hz * self.frame_ms // 1000
        end = at + ns(seconds)
        while at + ns(self.frame_ms / 1000) <= end:
            payload = self.codec.encode(self.voice.next(count, self.codec.clock_hz))
            copies = self._copies()
            samples = self.codec.decode(payload) if self.codec.decode else None
            self.sent.append(SentPacket(at, self.codec.clock_hz, samples, copies))
            self.rtp(payload, self.codec.payload_type, at, copies, self._marker)
            self._marker = False
            self.timestamp += count
            at += ns(self.frame_ms / 1000)
        self._quiet_since = at

    def press(self, key, seconds=0.16, payload_type=101):
        """A key, held for some time: RFC 4733 2.5. Moves the scene's clock past it."""
        at = self.call.scene.now + ns(self.delay_ms / 1000)
        self._catch_up(at)
        event = '0123456789*#ABCD'.index(key)
        steps = round(seconds * 50)
        for step in [*range(1, steps + 1), steps, steps]:
            is_end = step == steps
            copies = self._copies()
            self.sent.append(SentPacket(at, 8000, None, copies))
            self.rtp(struct.pack('!BBH', event, (0x80 if is_end else 0) | 10, step * 160),
                     payload_type, at,
                     copies, step == 1)
            at += ns(0.02)
        self._quiet_since = self.call.scene.now + ns(self.delay_ms / 1000)
        self.call.scene.now = at

    def comfort_noise(self, level=60):
        """One RFC 3389 packet at the scene's now: the sender goes quiet."""
        at = self.call.scene.now + ns(self.delay_ms / 1000)
        self._catch_up(at)
        copies = self._copies()
        self.sent.append(SentPacket(at, 8000, None, copies))
        self.rtp(bytes([level]), sound.COMFORT_NOISE.payload_type, at, copies)
        self._quiet_since = at

    def report(self, at=None):
        """An RTCP sender report and its name (RFC 3550 6.4.1, 6.5)."""
        at = (self.call.scene.now if at is None else at) + ns(self.delay_ms / 1000)
        whole, part = divmod(at, SECOND)
        stamp = self.timestamp
        if self._quiet_since is not None:
            stamp += round((at - self._quiet_since) * self.codec.clock_hz / SECOND)
        stream = self.sent[self._stream_from:]
        packets = sum(1 for sent in stream if sent.at < at)
        octets = self._octets * packets // max(len(stream), 1)
        packet = struct.pack('!BBHIIIIII', 0x80, 200, 6, self.ssrc, whole + 2_208_988_800,
                             (part << 32) // SECOND, stamp & 0xffffffff, packets, octets)
        name = f'{self.tag}@example.invalid'.encode()
        chunk = struct.pack('!I', self.ssrc) + bytes([1, len(name)]) + name + b'\0'
        chunk += b'\0' * (-len(chunk) % 4)
        packet += struct.pack('!BBH', 0x81, 202, len(chunk) // 4) + chunk
        mux = 0 if self.call.rtcp_mux else 1
        source, target = self.source or self.media, self.call.target_of(self)
        self.call.scene.udp((source[0], source[1] + mux), (target[0], target[1] + mux), packet, at)

    def new_stream(self, seed):
        """From now on another SSRC with its own numbers, as after a transfer or a restart."""
        chance = random.Random(seed)
        self.ssrc, self.sequence = chance.getrandbits(32), chance.getrandbits(14)
        self.timestamp, self._quiet_since = chance.getrandbits(31), None
        self._marker, self._octets, self._stream_from = True, 0, len(self.sent)


class Call:
    """A SIP dialog between two phones (a calls b) and the media that go with it."""

    def __init__(self, scene, caller, callee, codecs=(sound.PCMA,), call_id=None, headers=(),
                 compact=False, rtcp_mux=False, rtcp=True, transport=None):
        self.scene = scene
        self.codecs, self.rtcp_mux, self.has_rtcp = tuple(codecs), rtcp_mux, rtcp
        number = len(scene.calls) + 1
        self.call_id = call_id or f'call-{number}@example.invalid'
        self.a = Leg(self, caller, f'{number}a')
        self.b = Leg(self, callee, f'{number}b')
        self.b.delay_ms = 3
        self.headers = list(headers)   # further header lines of every message
        self.compact = compact
        self.transport = transport
        self.latches = False     # media go to where the other's come from, whatever SDP says
        self.sequence = {self.a: 0, self.b: 0}
        self.fragment_bytes = 0
        self.open_invite = None            # the open INVITE: (who sent it, CSeq number)
        self._branches = 0

    def target_of(self, leg):
        other = leg.other()
        return (self.latches and other.source) or other.media

    # Messages

    SHORT = {'Via': 'v', 'From': 'f', 'To': 't', 'Call-ID': 'i', 'Contact': 'm',
             'Content-Type': 'c',
             'Content-Length': 'l', 'Supported': 'k'}  # RFC 3261 7.3.3

    def _message(self, first_line, headers, body):
        headers = [*headers, ('Content-Length', str(len(body)))]
        short = self.SHORT if self.compact else {}
        lines = [first_line, *(f'{short.get(key, key)}: {value}' for key, value in headers)]
        return '\r\n'.join(lines).encode() + b'\r\n\r\n' + body

    def _parties(self, asker, with_to_tag):
        """From and To as the asker of a transaction writes them."""
        other = asker.other()

        def address(leg, tagged):
            shown = f'"{leg.phone.name}" ' if leg.phone.name else ''
            return f'{shown}<{leg.phone.uri}>' + (f';tag={leg.tag}' if tagged else '')
        return [('From', address(asker, True)), ('To', address(other, with_to_tag))]

    def _via(self, asker, branch):
        protocol = 'TCP' if self.transport else 'UDP'
        sent_by = f'{asker.phone.host}:{asker.phone.sip_port}'
        return 'Via', f'SIP/2.0/{protocol} {sent_by};branch=z9hG4bK-{branch}'

    def send(self, leg, message, at=None):
        if self.transport:
            self.transport.send(leg.phone, message)
        else:
            self.scene.udp(leg.phone.sip, leg.other().phone.sip, message, at, self.fragment_bytes)

    def request(self, by, method, body=b'', headers=(), number=None, branch=None, to_tag=True,
                kind='application/sdp'):
        """Sends a request of `by` and gives (message, what a reply needs to know)."""
        if number is None:
            self.sequence[by] += 1
            number = self.sequence[by]
        if branch is None:
            self._branches += 1
            branch = f'{self.call_id.split("@")[0]}-{by.tag}-{self._branches}'
        lines = [self._via(by, branch), ('Max-Forwards', '70'), *self._parties(by, to_tag),
                 ('Call-ID', self.call_id), ('CSeq', f'{number} {method}'),
                 ('Contact', f'<{by.phone.uri}:{by.phone.sip_port}>'), *self.headers, *headers]
        if body:
            lines.append(('Content-Type', kind))
        message = self._message(f'{method} {by.other().phone.uri} SIP/2.0', lines, body)
        self.send(by, message)
        return message, (by, method, number, branch)

    def reply(self, asked, status, reason, body=b'', headers=()):
        asker, method, number, branch = asked
        leg = asker.other()
        lines = [self._via(asker, branch), *self._parties(asker, status > 100),
                 ('Call-ID', self.call_id),
                 ('CSeq', f'{number} {method}'),
                 ('Contact', f'<{leg.phone.uri}:{leg.phone.sip_port}>'),
                 *self.headers, *headers]
        if body:
            lines.append(('Content-Type', 'application/sdp'))
        message = self._message(f'SIP/2.0 {status} {reason}', lines, body)
        self.send(leg, message)
        return message

    # What people do

    def invite(self, headers=(), sdp=True):
        body = self.a.sdp() if sdp else b''
        message, self.open_invite = self.request(self.a, 'INVITE', body, headers, to_tag=False)
        self.scene.wait(0.01)
        return message

    def trying(self):
        self.reply(self.open_invite, 100, 'Trying')
        self.scene.wait(0.05)

    def ring(self, seconds=0.5, sdp=False):
        body = self.b.sdp() if sdp else b''
        self.reply(self.open_invite, 183 if sdp else 180, 'Session Progress' if sdp else 'Ringing',
                   body)
        self.scene.wait(seconds)

    def answer(self, sdp=True):
        message = self.reply(self.open_invite, 200, 'OK', self.b.sdp() if sdp else b'')
        self.scene.wait(0.01)
        self.acknowledge()
        self.scene.wait(0.01)
        return message

    def acknowledge(self, to_tag=True):
        asker, _, number, branch = self.open_invite
        return self.request(asker, 'ACK', number=number, branch=branch + '-ack', to_tag=to_tag)[0]

    def refuse(self, status, reason):
        self.reply(self.open_invite, status, reason)
        self.scene.wait(0.01)
        self.acknowledge()
        self.scene.wait(0.01)

    def set_up(self, ring=0.5):
        self.invite()
        self.trying()
        self.ring(ring)
        self.answer()

    def change(self, by, method='INVITE'):
        """A new offer within the call (re-INVITE or UPDATE) and its answer, from what the legs
        say now."""
        by.sdp_version += 1
        by.other().sdp_version += 1
        _, asked = self.request(by, method, by.sdp())
        self.scene.wait(0.02)
        self.reply(asked, 200, 'OK', by.other().sdp())
        self.scene.wait(0.01)
        if method == 'INVITE':
            self.request(by, 'ACK', number=asked[2], branch=asked[3] + '-ack')
            self.scene.wait(0.01)

    def transaction(self, by, method, **options):
        _, asked = self.request(by, method, **options)
        self.scene.wait(0.02)
        self.reply(asked, 200, 'OK')
        self.scene.wait(0.02)

    def hang_up(self, by=None):
        self.transaction(by or self.a, 'BYE')

    def talk(self, seconds, who=None):
        """The legs (both) speak at the same time; the scene's clock moves to the end."""
        legs = (self.a, self.b) if who is None else who
        for leg in legs:
            leg.speak(seconds)
            if self.has_rtcp:
                leg.report(self.scene.now + ns(seconds) // 2)
        self.scene.wait(seconds)


class Tcp:
    """A connection between two phones; `pieces` says how a message's bytes are cut into
    segments."""

    def __init__(self, scene, client, server, client_port=50_600):
        self.scene, self.client = scene, client
        self.ends = {client: (client.address, client_port), server: server.sip}
        self.next = {client: 1000, server: 9000}
        self.pieces = lambda message: [message]
        self.order = lambda segments: segments   # how the segments of one message arrive
        self.held = None                         # messages gathered into one segment, while a list
        self._step(client, 0x02)
        self._step(server, 0x12)
        self._step(client, 0x10)

    def _other(self, phone):
        return next(end for end in self.ends if end != phone)

    def _segment(self, phone, flags, payload=b''):
        other = self._other(phone)
        segment = net.tcp_segment(self.ends[phone], self.ends[other], self.next[phone],
                                  self.next[other],
                                  flags, payload)
        self.next[phone] += len(payload) + (1 if flags & 0x03 else 0)
        return net.ip_packet(self.ends[phone][0], self.ends[other][0], net.TCP, segment)

    def _step(self, phone, flags):
        self.scene.put(self._segment(phone, flags))
        self.scene.wait(0.001)

    def send(self, phone, message):
        if self.held is not None:
            self.held.append(message)
            return
        segments = [self._segment(phone, 0x18, piece) for piece in self.pieces(message)]
        for packet in self.order(segments):
            self.scene.put(packet)
            self.scene.wait(0.0005)

    def send_held(self, phone):
        messages, self.held = self.held, None
        self.send(phone, b''.join(messages))
