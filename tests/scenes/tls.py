"""SIP in TLS, by Python's ssl module: an implementation that shares no line with Naklank's.

Keys are fresh every time, so these captures are not the same from run to run; what they tell is."""

import pathlib
import ssl
import subprocess
import tempfile

import scene as stage


class Tls(stage.Tcp):
    """A TCP connection whose bytes are TLS's. The scene's key log gets its secrets, unless
    `tells_keys` is false."""

    def __init__(self, scene, client, server, version, ciphers=None, tells_keys=True):
        super().__init__(scene, client, server)
        self.server = server
        self.tells_keys = tells_keys
        with tempfile.TemporaryDirectory() as folder:
            self._begin(pathlib.Path(folder), version, ciphers)

    def _begin(self, folder, version, ciphers):
        key, certificate, log = folder / 'key.pem', folder / 'certificate.pem', folder / 'keys.log'
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1',
                        '-subj', '/CN=example.invalid', '-keyout', key, '-out', certificate],
                       check=True, capture_output=True)
        asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        asking.check_hostname = False
        asking.verify_mode = ssl.CERT_NONE
        asking.keylog_filename = log
        answering = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        answering.load_cert_chain(certificate, key)
        for context in (asking, answering):
            context.minimum_version = context.maximum_version = version
            if ciphers:
                context.set_ciphers(ciphers)
        self._pipes = {phone: (ssl.MemoryBIO(), ssl.MemoryBIO()) for phone in self.ends}
        self._tls = {phone: (asking if phone is self.client else answering).wrap_bio(
            *self._pipes[phone], server_side=phone is not self.client) for phone in self.ends}
        waiting = list(self.ends)
        while waiting:
            for phone in list(waiting):
                try:
                    self._tls[phone].do_handshake()
                    waiting.remove(phone)
                except ssl.SSLWantReadError:
                    pass
                self._pass_on(phone)
        told = log.read_text() if self.tells_keys else '# nothing of this connection\n'
        self.scene.key_log = (self.scene.key_log or '') + told

    def _pass_on(self, phone):
        sealed = self._pipes[phone][1].read()
        if sealed:
            super().send(phone, sealed)
            self._pipes[self._other_phone(phone)][0].write(sealed)

    def _other_phone(self, phone):
        return next(other for other in self.ends if other is not phone)

    def send(self, phone, message):
        self._tls[phone].write(message)
        self._pass_on(phone)
        read = self._tls[self._other_phone(phone)].read(len(message))
        assert read == message
