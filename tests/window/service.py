"""`naklank serve` with its window, for the tests: started, asked, stopped."""

import http.client
import json
import pathlib
import re
import signal
import subprocess
import time
import urllib.parse

import contract as contracts

ROOT = contracts.ROOT
PASSWORD = 'correct horse battery'


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Service:
    """Runs until stop(). Every reply to ask() is held against the contract."""

    def __init__(self, naklank, archive, *options, at='127.0.0.1:0'):
        self.log = pathlib.Path(str(archive) + '.log')
        self.archive = pathlib.Path(archive)
        with open(self.log, 'w') as said:
            self.process = subprocess.Popen(
                [naklank, 'serve', '--archive', archive, '--http', at, *options],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        self.contract = contracts.Contract()
        self.cookie = None
        self.connection = None
        self.wait_for(' ready ')
        self.address = re.search(r'http=(\S+)', self.said())[1]

    def said(self):
        return self.log.read_text()

    def wait_for(self, text, seconds=20):
        end = time.monotonic() + seconds
        while text not in self.said():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f'the service did not say "{text}":\n{self.said()}')
            time.sleep(0.02)

    def set_up_code(self):
        self.wait_for('not-set-up')
        link = (self.archive / '.state/set-up-link').read_text().strip()
        return urllib.parse.parse_qs(urllib.parse.urlparse(link).query)['code'][0]

    def raw(self, method, target, body=None, headers=None):
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.address, timeout=30)
            try:
                self.connection.request(method, target, body, headers or {})
                answer = self.connection.getresponse()
                reply = Reply(answer.status, answer.headers, answer.read())
            except (http.client.HTTPException, ConnectionError):
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    raise
                continue
            if answer.will_close:
                self.connection.close()
                self.connection = None
            return reply

    def ask(self, method, path, body=None, headers=None):
        """Of a path behind /api/v1; a body that is no text or bytes is sent as JSON."""
        headers = dict(headers or {})
        if self.cookie:
            headers.setdefault('Cookie', f'naklank={self.cookie}')
        if method != 'GET':
            headers.setdefault('X-Naklank-Window', '1')
        if body is not None:
            headers.setdefault('Content-Type', 'application/json')
            if not isinstance(body, (str, bytes)):
                body = json.dumps(body)
            if isinstance(body, str):
                body = body.encode()
        reply = self.raw(method, contracts.BASE + path, body, headers)
        self.contract.check(method, path.split('?')[0], reply.status,
                            reply.headers.get('Content-Type', ''), reply.json)
        cookie = re.match(r'naklank=(\w*)', reply.headers.get('Set-Cookie', ''))
        if cookie:
            self.cookie = cookie[1] or None
        return reply

    def set_up(self, for_whom='home', name='Anna', numbers=()):
        return self.ask('POST', '/setup', {
            'code': self.set_up_code(), 'for_whom': for_whom, 'language': 'nl', 'name': name,
            'password': PASSWORD, 'numbers': list(numbers)})

    def sign_in(self, name):
        self.cookie = None
        return self.ask('POST', '/session', {'name': name, 'password': PASSWORD})

    def stop(self, seconds=30):
        if self.connection is not None:
            self.connection.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
        return self.process.returncode

    def kill(self):
        if self.connection is not None:
            self.connection.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
