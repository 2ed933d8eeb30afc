"""Bytes as they stand on the wire: IP, UDP, TCP, fragments, link layers; and capture files of
them."""

import ipaddress
import struct

IPV4, TCP, UDP, IPV6, GRE = 4, 6, 17, 41, 47


def checksum(data):  # RFC 1071
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def _addresses(source, destination):
    return ipaddress.ip_address(source).packed, ipaddress.ip_address(destination).packed


def _transport_checksum(source, destination, protocol, segment):
    a, b = _addresses(source, destination)
    if len(a) == 4:
        pseudo = a + b + struct.pack('!BBH', 0, protocol, len(segment))
    else:
        pseudo = a + b + struct.pack('!IHBB', len(segment), 0, 0, protocol)  # RFC 8200 8.1
    return checksum(pseudo + segment) or 0xffff


def ip_packet(source, destination, protocol, payload, identification=0, offset=0, more=False):
    """One IPv4 or IPv6 packet; offset is in bytes and, as `more`, makes it a fragment."""
    a, b = _addresses(source, destination)
    if len(a) == 4:
        fragment = offset // 8 | (0x2000 if more else 0)
        header = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(payload), identification & 0xffff,
                             fragment,
                             64, protocol, 0) + a + b
        header = header[:10] + struct.pack('!H', checksum(header)) + header[12:]
        return header + payload
    if offset or more:
        # RFC 8200 4.5
        payload = struct.pack('!BBHI', protocol, 0, offset | more, identification) + payload
        protocol = 44
    return struct.pack('!IHBB', 6 << 28, len(payload), protocol, 64) + a + b + payload


def udp_segment(source, destination, payload):
    (a, a_port), (b, b_port) = source, destination
    segment = struct.pack('!HHHH', a_port, b_port, 8 + len(payload), 0) + payload
    value = _transport_checksum(a, b, UDP, segment)
    return segment[:6] + struct.pack('!H', value) + segment[8:]


def tcp_segment(source, destination, sequence, acknowledged, flags, payload=b''):
    (a, a_port), (b, b_port) = source, destination
    segment = struct.pack('!HHIIBBHHH', a_port, b_port, sequence & 0xffffffff,
                          acknowledged & 0xffffffff,
                          5 << 4, flags, 65535, 0, 0) + payload
    value = _transport_checksum(a, b, TCP, segment)
    return segment[:16] + struct.pack('!H', value) + segment[18:]


def in_fragments(source, destination, protocol, payload, bytes_each, identification):
    """The packet in fragments of at most bytes_each bytes of payload (a multiple of 8)."""
    for offset in range(0, len(payload), bytes_each):
        part = payload[offset:offset + bytes_each]
        yield ip_packet(source, destination, protocol, part, identification, offset,
                        offset + len(part) < len(payload))


# Link layers: (https://www.tcpdump.org/linktypes.html number, function that frames an IP packet)

def _ether_type(packet):
    return 0x0800 if packet[0] >> 4 == 4 else 0x86dd


def ethernet(*tags):
    """Ethernet; tags are (TPID, VLAN id), outermost first."""
    def frame(packet):
        head = b'\x02\0\0\0\0\x01\x02\0\0\0\0\x02'
        for tpid, vlan in tags:
            head += struct.pack('!HH', tpid, vlan)
        return head + struct.pack('!H', _ether_type(packet)) + packet
    return 1, frame


COOKED_ADDRESS = b'\x02\0\0\0\0\x01\0\0'


def _cooked(packet):
    return struct.pack('!HHH8sH', 0, 1, 6, COOKED_ADDRESS, _ether_type(packet)) + packet


def _cooked_v2(packet):
    return struct.pack('!HHIHBB8s', _ether_type(packet), 0, 2, 1, 0, 6, COOKED_ADDRESS) + packet


LINUX_COOKED = 113, _cooked
LINUX_COOKED_V2 = 276, _cooked_v2
RAW_IP = 101, lambda packet: packet
NULL = 0, lambda packet: struct.pack('<I', 2 if packet[0] >> 4 == 4 else 24) + packet


def one_hop_on(packet):
    """An IPv4 packet as it looks behind a router."""
    header = packet[:8] + bytes([packet[8] - 1]) + packet[9:10] + b'\0\0' + packet[12:20]
    return header[:10] + struct.pack('!H', checksum(header)) + header[12:] + packet[20:]


# Tunnels: functions that put what they are given into a packet or frame. The ends are a mirror
# and the machine that records.

MIRROR, COLLECTOR = '203.0.113.1', '203.0.113.2'


def is_from(packet, address):
    """Whether an IPv4 packet comes from there; scenes frame the two directions differently."""
    return packet[12:16] == ipaddress.ip_address(address).packed


def in_ethernet(ether_type, payload):
    return b'\x02\0\0\0\0\x03\x02\0\0\0\0\x04' + struct.pack('!H', ether_type) + payload


def mirrored(packet):
    """The Ethernet frame that a mirror saw."""
    return ethernet()[1](packet)


def in_ip(protocol, payload, source=MIRROR, destination=COLLECTOR):
    return ip_packet(source, destination, protocol, payload)


def in_udp(port, payload):
    return in_ip(UDP, udp_segment((MIRROR, 50_000), (COLLECTOR, port), payload))


def gre(ether_type, payload, key=None, sequence=None, with_checksum=False):
    """RFC 2784 and 2890."""
    flags = (0x8000 if with_checksum else 0) | (0 if key is None else 0x2000)
    flags |= 0 if sequence is None else 0x1000
    rest = b''.join(struct.pack('!I', field) for field in (key, sequence) if field is not None)
    head = struct.pack('!HH', flags, ether_type)
    if with_checksum:
        rest = struct.pack('!HH', checksum(head + b'\0\0\0\0' + rest + payload), 0) + rest
    return in_ip(GRE, head + rest + payload)


def erspan_2(frame, sequence):
    """draft-foschiano-erspan-03 4.2: version 1, VLAN 20, session 5, index 7."""
    return gre(0x88be, struct.pack('!HHI', 0x1014, 5, 7) + frame, sequence=sequence)


def erspan_3(payload, sequence, frame_type=0, platform=b''):
    """The same, 4.3: version 2; the platform's header is 8 bytes or none."""
    last = frame_type << 10 | (1 if platform else 0)
    head = struct.pack('!HHIHH', 0x2014, 5, 123_456, 0, last)
    return gre(0x22eb, head + platform + payload, sequence=sequence)


def vxlan(frame, port=4789):
    """RFC 7348 5."""
    return in_udp(port, struct.pack('!II', 0x08 << 24, 77 << 8) + frame)


def geneve(ether_type, payload, options=b''):
    """RFC 8926 3.4."""
    head = struct.pack('!BBHI', len(options) // 4, 0, ether_type, 77 << 8)
    return in_udp(6081, head + options + payload)


def mpls(labels, payload):
    """RFC 3032 2.1."""
    stack = b''.join(struct.pack('!I', label << 12 | (1 if place == len(labels) else 0) << 8 | 64)
                     for place, label in enumerate(labels, 1))
    return in_ethernet(0x8847, stack + payload)


def pppoe(packet):
    """RFC 2516 4; the frame is filled up as Ethernet demands."""
    session = struct.pack('!BBHHH', 0x11, 0, 9, len(packet) + 2, 0x0021) + packet
    return in_ethernet(0x8864, session + b'\xee' * 6)


def gtp_u(packet, sequence=None, n_pdu=None, extensions=()):
    """3GPP TS 29.281 5; extensions are (type, content of 4 n - 2 bytes)."""
    flags = (4 if extensions else 0) | (0 if sequence is None else 2) | (0 if n_pdu is None else 1)
    kinds = [kind for kind, _ in extensions] + [0]
    rest = struct.pack('!HBB', sequence or 0, n_pdu or 0, kinds[0]) if flags else b''
    for (_, content), following in zip(extensions, kinds[1:]):
        rest += bytes([(len(content) + 2) // 4]) + content + bytes([following])
    length = len(rest) + len(packet)
    return in_udp(2152, struct.pack('!BBHI', 0x30 | flags, 255, length, 0x1234) + rest + packet)


def hep(packet, time_s, port=9060):
    """HEP3 of an IPv4 or IPv6 packet with UDP inside, as a capture agent sends it."""
    def chunk(number, content):
        return struct.pack('!HHH', 0, number, 6 + len(content)) + content
    is_v4 = packet[0] >> 4 == 4
    source, destination, begin = ((packet[12:16], packet[16:20], 20) if is_v4 else
                                  (packet[8:24], packet[24:40], 40))
    payload = packet[begin + 8:]
    kind = 1
    if payload[0] >> 6 == 2:
        kind = 5 if payload[1] in (200, 201, 202) else 4
    chunks = [chunk(1, bytes([2 if is_v4 else 10])), chunk(2, bytes([UDP])),
              chunk(3 if is_v4 else 5, source), chunk(4 if is_v4 else 6, destination),
              chunk(7, packet[begin:begin + 2]), chunk(8, packet[begin + 2:begin + 4]),
              chunk(9, struct.pack('!I', time_s)), chunk(10, struct.pack('!I', 0)),
              chunk(11, bytes([kind])), chunk(12, struct.pack('!I', 2001)), chunk(15, payload)]
    body = b''.join(chunks)
    return in_udp(port, b'HEP3' + struct.pack('!H', 6 + len(body)) + body)


def pcap(packets, link_number, nanoseconds=True):
    """A capture file as bytes; packets are (time in ns, frame)."""
    out = bytearray(struct.pack('<IHHiIII', 0xa1b23c4d if nanoseconds else 0xa1b2c3d4, 2, 4, 0, 0,
                                65535,
                                link_number))
    for ns, frame in packets:
        fraction = ns % 1_000_000_000
        out += struct.pack('<IIII', ns // 1_000_000_000 & 0xffffffff,
                           fraction if nanoseconds else fraction // 1000, len(frame),
                           len(frame)) + frame
    return bytes(out)


def _block(kind, body):
    body += b'\0' * (-len(body) % 4)
    return struct.pack('<II', kind, len(body) + 12) + body + struct.pack('<I', len(body) + 12)


def pcapng(packets, link_number):
    """The same as pcapng, with time stamps in nanoseconds (option if_tsresol)."""
    resolution = struct.pack('<HHBxxx', 9, 1, 9) + struct.pack('<HH', 0, 0)
    out = bytearray(_block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1)))
    out += _block(1, struct.pack('<HHI', link_number, 0, 65535) + resolution)
    for ns, frame in packets:
        head = struct.pack('<IIIII', 0, ns >> 32, ns & 0xffffffff, len(frame), len(frame))
        out += _block(6, head + frame)
    return bytes(out)
