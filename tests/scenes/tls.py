"""SIP in TLS, by the system's OpenSSL: an implementation that shares no line with Naklank's. It is
called directly, because Python's ssl module has no key updates, early data or renegotiation.

Keys are fresh every time, so these captures are not the same from run to run; what they tell is."""

import ctypes
import ctypes.util
import pathlib
import subprocess
import tempfile

import scene as stage

V1_2, V1_3 = 0x0303, 0x0304

# <openssl/ssl.h>
_WANTS = 2
_NO_ENCRYPT_THEN_MAC = 1 << 19
_ALLOW_RENEGOTIATION = 1 << 8
_SET_MIN_VERSION, _SET_MAX_VERSION, _SET_GROUPS = 123, 124, 92
_PENDING, _EOF_RETURN = 10, 130
_BUFFER = 64 * 1024

_KEY_LOG = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)


def _library():
    ssl = ctypes.CDLL(ctypes.util.find_library('ssl'))
    pointers = ('TLS_client_method', 'TLS_server_method', 'SSL_CTX_new', 'SSL_new', 'BIO_new',
                'BIO_s_mem', 'SSL_get1_session')
    for name in pointers:
        getattr(ssl, name).restype = ctypes.c_void_p
    for name in ('BIO_ctrl', 'SSL_CTX_ctrl'):
        getattr(ssl, name).restype = ctypes.c_long
    return ssl


LIBRARY = _library()


def _call(name, *arguments):
    """A function of the library; pointers and numbers as ctypes wants them."""
    return getattr(LIBRARY, name)(*(
        ctypes.c_void_p(value) if isinstance(value, int) and value > 0xffff_ffff else
        ctypes.c_uint64(value) if isinstance(value, int) and value > 0x7fff_ffff else value
        for value in arguments))


class _End:
    """One side of a connection: what it wants to send is in `taken`, what it gets in `given`."""

    def __init__(self, context, is_server):
        self.ssl = _call('SSL_new', context)
        self.incoming = _call('BIO_new', _call('BIO_s_mem'))
        self.outgoing = _call('BIO_new', _call('BIO_s_mem'))
        for bio in (self.incoming, self.outgoing):
            _call('BIO_ctrl', bio, _EOF_RETURN, ctypes.c_long(-1), None)
        _call('SSL_set_bio', self.ssl, self.incoming, self.outgoing)
        _call('SSL_set_accept_state' if is_server else 'SSL_set_connect_state', self.ssl)

    def sealed(self):
        count = _call('BIO_ctrl', self.outgoing, _PENDING, ctypes.c_long(0), None)
        got = ctypes.create_string_buffer(max(count, 1))
        if count:
            _call('BIO_read', self.outgoing, got, count)
        return got.raw[:count]

    def take(self, sealed):
        _call('BIO_write', self.incoming, sealed, len(sealed))

    def shake_hands(self):
        done = _call('SSL_do_handshake', self.ssl)
        if done <= 0 and _call('SSL_get_error', self.ssl, done) != _WANTS:
            raise RuntimeError('the handshake failed')
        return done == 1

    def read(self):
        got = ctypes.create_string_buffer(_BUFFER)
        count = _call('SSL_read', self.ssl, got, _BUFFER)
        return got.raw[:max(count, 0)]


class Memory:
    """What both sides remember from connection to connection, so that the next one resumes."""

    def __init__(self, version=V1_3, ciphers=None, groups=(None, None), encrypts_then_macs=True,
                 renegotiates=False, early_bytes=0):
        self.version, self.log = version, []
        self.session = None
        self._note = _KEY_LOG(lambda _, line: self.log.append(line.decode()))
        with tempfile.TemporaryDirectory() as folder:
            key, certificate = (pathlib.Path(folder) / name for name in ('key', 'certificate'))
            subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days',
                            '1', '-subj', '/CN=example.invalid', '-keyout', key, '-out',
                            certificate], check=True, capture_output=True)
            self.client = _call('SSL_CTX_new', _call('TLS_client_method'))
            self.server = _call('SSL_CTX_new', _call('TLS_server_method'))
            for name, path in (('certificate', certificate), ('PrivateKey', key)):
                done = _call(f'SSL_CTX_use_{name}_file', self.server, str(path).encode(), 1)
                assert done == 1, name
        for context, group in zip((self.client, self.server), groups):
            for what in (_SET_MIN_VERSION, _SET_MAX_VERSION):
                _call('SSL_CTX_ctrl', context, what, ctypes.c_long(version), None)
            if ciphers:
                kind = 'ciphersuites' if version == V1_3 else 'cipher_list'
                assert _call(f'SSL_CTX_set_{kind}', context, ciphers.encode()) == 1, ciphers
            if not encrypts_then_macs:
                _call('SSL_CTX_set_options', context, ctypes.c_uint64(_NO_ENCRYPT_THEN_MAC))
            if renegotiates:
                _call('SSL_CTX_set_options', context, ctypes.c_uint64(_ALLOW_RENEGOTIATION))
            if group:
                self.set_group(context, group)
        _call('SSL_CTX_set_keylog_callback', self.client, self._note)
        if early_bytes:
            _call('SSL_CTX_set_max_early_data', self.server, ctypes.c_uint32(early_bytes))

    @staticmethod
    def set_group(context, group):
        assert _call('SSL_CTX_ctrl', context, _SET_GROUPS, ctypes.c_long(0),
                     ctypes.c_char_p(group.encode())) == 1, group


class Noted:
    """A transport that keeps what it is told to send to itself."""

    def send(self, phone, message):
        pass


class Tls(stage.Tcp):
    """A TCP connection whose bytes are TLS's. The scene's key log gets its secrets, unless
    `tells_keys` is false. `early` are messages that the client says before it is answered; the
    server reads them, unless `takes_early` is false."""

    def __init__(self, scene, client, server, memory=None, tells_keys=True, early=None,
                 takes_early=True, client_port=50_600, pieces=None, order=None, **options):
        super().__init__(scene, client, server, client_port)
        self.pieces, self.order = pieces or self.pieces, order or self.order
        self.server, self.tells_keys = server, tells_keys
        self.memory = memory or Memory(**options)
        self._tls = {client: _End(self.memory.client, False),
                     server: _End(self.memory.server, True)}
        began_at = len(self.memory.log)
        if self.memory.session:
            _call('SSL_set_session', self._tls[client].ssl, self.memory.session)
        for message in early or ():
            self._say_early(message)
        self._takes_early = bool(early) and takes_early
        self._shake_hands()
        told = self.memory.log[began_at:] if tells_keys else ['# nothing of this connection']
        scene.key_log = (scene.key_log or '') + ''.join(f'{line}\n' for line in told)

    def _say_early(self, message):
        written = ctypes.c_size_t()
        done = _call('SSL_write_early_data', self._tls[self.client].ssl, message, len(message),
                     ctypes.byref(written))
        assert done == 1 and written.value == len(message), 'no early data'
        self._pass_on(self.client)

    def _read_early(self):
        got, count = ctypes.create_string_buffer(_BUFFER), ctypes.c_size_t()
        end = self._tls[self.server]
        while _call('SSL_read_early_data', end.ssl, got, _BUFFER, ctypes.byref(count)) == 1:
            self._pass_on(self.server)
        self._pass_on(self.server)

    def _shake_hands(self):
        waiting = [self.server, self.client] if self._takes_early else list(self.ends)
        if self._takes_early:
            self._read_early()
        for _ in range(20):
            for phone in list(waiting):
                if self._tls[phone].shake_hands():
                    waiting.remove(phone)
                self._pass_on(phone)
                if self._takes_early and phone is self.client:
                    self._read_early()
            if not waiting:
                break
        assert not waiting, 'no handshake'
        self._tls[self.client].read()   # the tickets

    def _pass_on(self, phone):
        sealed = self._tls[phone].sealed()
        if sealed:
            super().send(phone, sealed)
            self._tls[self._other_phone(phone)].take(sealed)

    def _other_phone(self, phone):
        return next(other for other in self.ends if other is not phone)

    def remember(self):
        """The next connection of this memory resumes this one."""
        self.memory.session = _call('SSL_get1_session', self._tls[self.client].ssl)
        return self

    @property
    def is_resumed(self):
        return _call('SSL_session_reused', self._tls[self.client].ssl) == 1

    def send(self, phone, message):
        written = _call('SSL_write', self._tls[phone].ssl, message, len(message))
        assert written == len(message)
        self._pass_on(phone)
        assert self._tls[self._other_phone(phone)].read() == message

    def update_key(self, phone, asks_other=False):
        """TLS 1.3: what this phone sends from now on has other keys."""
        assert _call('SSL_key_update', self._tls[phone].ssl, 1 if asks_other else 0) == 1
        assert self._tls[phone].shake_hands()
        self._pass_on(phone)
        self._tls[self._other_phone(phone)].read()

    def renegotiate(self):
        """TLS 1.2: new hellos within the connection."""
        began_at = len(self.memory.log)
        assert _call('SSL_renegotiate', self._tls[self.client].ssl) == 1
        self._tls[self.client].shake_hands()
        for _ in range(4):
            for phone in (self.client, self.server):
                self._pass_on(phone)
                self._tls[self._other_phone(phone)].read()
        lines = self.memory.log[began_at:]
        assert lines, 'no new keys'
        self.scene.key_log += ''.join(f'{line}\n' for line in lines)

    def close(self):
        """Both sides are done with the connection."""
        for phone in self.ends:
            self._step(phone, 0x11)
