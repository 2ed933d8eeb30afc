"""Bytes as they stand on the wire: IP, UDP, TCP, fragments, link layers; and capture files of
them."""

import ipaddress
import struct

UDP, TCP = 17, 6


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
