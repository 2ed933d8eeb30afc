#!/usr/bin/env python3
"""The scenes' sender of SRTP against the vectors of RFC 3711 B.3 and RFC 7714 16.1.1: it judges
what the program decrypts, so it must be right by itself."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent / 'scenes'))
import srtp  # noqa: E402


class SenderTest(unittest.TestCase):
    def test_derives_the_session_keys_of_rfc_3711(self):
        key = bytes.fromhex('E1F97A0D3E018BE0D64FA32C06DE4139')
        salt = bytes.fromhex('0EC675AD498AFEEBB6960B3AABE6')
        self.assertEqual(srtp.derive(key, salt, srtp.CIPHER_KEY, 16).hex().upper(),
                         'C61E7A93744F39EE10734AFE3FF7A087')
        self.assertEqual(srtp.derive(key, salt, srtp.SALT, 14).hex().upper(),
                         '30CBBC08863D8C85D49DB34A9AE1')
        self.assertEqual(srtp.derive(key, salt, srtp.AUTHENTICATION_KEY, 20).hex().upper(),
                         'CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4')

    def test_encrypts_the_packet_of_rfc_7714(self):
        sender = srtp.Sender('AEAD_AES_128_GCM', 'any')
        sender.cipher_key, sender.salt = bytes(range(16)), b'Quid pro quo'
        packet = bytes.fromhex('8040f17b8041f8d35501a0b2')
        packet += b'Gallia est omnis divisa in partes tres'
        self.assertEqual(sender.protect(packet)[12:].hex(),
                         'f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b'
                         '36de3adf8833899d7f27beb16a9152cf765ee4390cce')


if __name__ == '__main__':
    unittest.main()
