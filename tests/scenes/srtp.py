"""A sender of SRTP with keys from the session description, from the RFCs alone: 3711 (the packet,
AES-CM, key derivation), 4568 (a=crypto), 6188 (AES-256) and 7714 (GCM)."""

import base64
import hmac
import random
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Suite(NamedTuple):
    name: str
    key_bytes: int
    salt_bytes: int
    tag_bytes: int

    @property
    def is_gcm(self):
        return self.name.endswith('GCM')


SUITES = {suite.name: suite for suite in (
    Suite('AES_CM_128_HMAC_SHA1_80', 16, 14, 10),
    Suite('AES_CM_128_HMAC_SHA1_32', 16, 14, 4),
    Suite('AES_256_CM_HMAC_SHA1_80', 32, 14, 10),
    Suite('AES_256_CM_HMAC_SHA1_32', 32, 14, 4),
    Suite('AEAD_AES_128_GCM', 16, 12, 16),
    Suite('AEAD_AES_256_GCM', 32, 12, 16))}

CIPHER_KEY, AUTHENTICATION_KEY, SALT = 0, 1, 2  # labels, RFC 3711 4.3.2


def counter_mode(key, block, data):
    cipher = Cipher(algorithms.AES(key), modes.CTR(block.to_bytes(16, 'big'))).encryptor()
    return cipher.update(data) + cipher.finalize()


def derive(key, salt, label, count):
    """RFC 3711 4.3.1 and 4.3.3, with a key derivation rate of 0."""
    padded = int.from_bytes(salt.ljust(14, b'\0'), 'big')  # RFC 7714 11 has a shorter salt
    return counter_mode(key, (padded ^ label << 48) << 16, bytes(count))


def header_bytes(packet):
    size = 12 + 4 * (packet[0] & 15)
    if packet[0] & 0x10:
        size += 4 + 4 * int.from_bytes(packet[size + 2:size + 4], 'big')
    return size


class Sender:
    """One key of a sender. `rollovers`: how often its numbers went round before."""

    def __init__(self, suite, seed, tag=1, mki=b'', rollovers=0, parameters=''):
        self.suite, self.tag, self.mki = SUITES[suite], tag, mki
        self.rollovers, self.parameters = rollovers, parameters
        self.last = None
        chance = random.Random(f'{suite} {seed}')
        self.master = chance.randbytes(self.suite.key_bytes + self.suite.salt_bytes)
        key, salt = self.master[:self.suite.key_bytes], self.master[self.suite.key_bytes:]
        self.cipher_key = derive(key, salt, CIPHER_KEY, self.suite.key_bytes)
        self.authentication_key = derive(key, salt, AUTHENTICATION_KEY, 20)
        self.salt = derive(key, salt, SALT, self.suite.salt_bytes)

    def line(self):
        key = base64.b64encode(self.master).decode()
        mki = f'|2^31|{int.from_bytes(self.mki, "big")}:{len(self.mki)}' if self.mki else ''
        return f'a=crypto:{self.tag} {self.suite.name} inline:{key}{mki} {self.parameters}'.strip()

    def protect(self, packet):
        number = int.from_bytes(packet[2:4], 'big')
        if self.last is not None and number < self.last:
            self.rollovers += 1
        self.last = number
        size = header_bytes(packet)
        header, payload = packet[:size], packet[size:]
        source = int.from_bytes(packet[8:12], 'big')
        salt = int.from_bytes(self.salt, 'big')
        counter = self.rollovers.to_bytes(4, 'big')
        if self.suite.is_gcm:  # RFC 7714 8.1: two bytes of zeros, SSRC, ROC, SEQ
            nonce = salt ^ (source << 48 | self.rollovers << 16 | number)
            sealed = AESGCM(self.cipher_key).encrypt(nonce.to_bytes(12, 'big'), payload, header)
            return header + sealed + self.mki
        index = self.rollovers << 16 | number
        block = salt << 16 ^ source << 64 ^ index << 16  # RFC 3711 4.1.1
        sealed = header + counter_mode(self.cipher_key, block, payload)
        tag = hmac.new(self.authentication_key, sealed + counter, 'sha1').digest()
        return sealed + self.mki + tag[:self.suite.tag_bytes]


def secure(call, suite, protocol='RTP/SAVP', name='', **options):
    """Both legs send with this suite from now on, each with a key of its own."""
    for leg in (call.a, call.b):
        leg.srtp = Sender(suite, leg.tag + name, **options)
        leg.sdp_lines = (leg.srtp.line(),)
        leg.protocol = protocol
