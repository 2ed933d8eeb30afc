#!/usr/bin/env python3
"""Thousands of requests made from the contract and then spoiled: wrong types, sizes, encodings, paths,
cookies. None may be answered with a 5xx or against the contract, none may end the service, and who may
see nothing is told nothing of what there is.

    fuzz_api.py NAKLANK SAMPLE [--requests 10000] [--seed 1]
"""

import argparse
import json
import pathlib
import random
import shutil
import subprocess
import tempfile
import urllib.parse

import service

# What only the owner's recordings hold.
SECRETS = ('Reparatiedienst', '7654321', 'zeer-geheim', 'Verborgen Persoon')
NASTY = ['', ' ', '\0', 'a' * 5000, '../../etc/passwd', '%00', "' OR 1=1 --", '"; DROP TABLE calls; --',
         '<script>alert(1)</script>', '\u202e', '\U0001f600', 'é' * 300, '-1', '0', '99999999999999999999',
         '1e308', 'NaN', 'null', 'true', '[]', '{}', '2026-13-45T99:99:99Z', '2026-11-26T00:00:00Z', '%', '%zz',
         '20260302T090001Z-0bftth', '20990101T000000Z-000000', '..', '.', '/', '\\', '*', '\r\nX: y']


class Fuzzer:
    def __init__(self, window, chance):
        self.window, self.chance = window, chance
        self.paths = {}

    def some(self, *choices):
        return self.chance.choice(choices)

    def value(self, schema, depth=0):
        """One that fits the schema, most of the time."""
        if self.chance.random() < 0.15 or depth > 5:
            return self.some(None, True, -1, 1.5, 2 ** 70, [], {}, [[[[]]]], self.chance.choice(NASTY))
        if 'enum' in schema:
            return self.chance.choice(schema['enum'])
        kind = schema.get('type')
        if kind == 'object':
            names = list(schema.get('properties', {}))
            made = {name: self.value(schema['properties'][name], depth + 1) for name in names
                    if self.chance.random() < 0.8}
            if self.chance.random() < 0.1:
                made[self.chance.choice(NASTY)] = 1
            return made
        if kind == 'array':
            return [self.value(schema['items'], depth + 1) for _ in range(self.chance.randrange(4))]
        if kind == 'integer':
            return self.chance.randrange(schema.get('minimum', 0), schema.get('maximum', 10 ** 6) + 1)
        if kind == 'number':
            return self.chance.random() * 1000
        if kind == 'boolean':
            return self.some(True, False)
        return self.some('Jan', 'oma', '0612345678', service.PASSWORD, self.chance.choice(NASTY),
                         'x' * schema.get('minLength', 1))

    def body(self, operation):
        content = operation.get('requestBody', {}).get('content', {}).get('application/json')
        if content is None:
            return self.some(None, None, None, '{}', 'x' * 100)
        text = json.dumps(self.value(content['schema']))
        if self.chance.random() < 0.15:
            cut = self.chance.randrange(len(text) + 1)
            text = self.some(text[:cut], text + text, '[' * 2000, text.replace('"', "'"), '\ufeff' + text)
        data = text.encode('utf-8', 'replace')
        if self.chance.random() < 0.05:
            spot = self.chance.randrange(len(data) + 1)
            data = data[:spot] + bytes([self.chance.randrange(256)]) + data[spot:]
        return data

    def path(self, template):
        out = []
        for part in template.split('/'):
            if part.startswith('{'):
                known = self.paths.get(part[1:-1])
                part = (self.chance.choice(known) if known and self.chance.random() < 0.7
                        else urllib.parse.quote(self.chance.choice(NASTY), safe=self.some('', '%/'), errors='replace'))
            out.append(part)
        return '/'.join(out).replace(' ', '%20').replace('\r', '%0D').replace('\n', '%0A')

    def query(self, operation):
        pairs = []
        for parameter in operation['parameters']:
            if parameter['in'] == 'query' and self.chance.random() < 0.3:
                value = self.value(parameter['schema'])
                pairs.append((parameter['name'], value if isinstance(value, str) else json.dumps(value)))
        if self.chance.random() < 0.1:
            pairs.append((self.chance.choice(NASTY), self.chance.choice(NASTY)))
        text = urllib.parse.urlencode(pairs, errors='replace')
        return f'?{text}' if text else ''

    def headers(self):
        out = {}
        if self.chance.random() < 0.1:
            out['Range'] = self.some('bytes=0-', 'bytes=5-1', 'bytes=-1', 'bytes=1-2,4-5', 'lines=1-2',
                                     'bytes=999999999999999999999-', 'bytes=0-99999999999')
        if self.chance.random() < 0.05:
            out['X-Naklank-Window'] = self.some('0', '', 'yes')
        if self.chance.random() < 0.05:
            out['X-Naklank-Word'] = self.some('appel', '%zz', '%00', 'x' * 500)
        if self.chance.random() < 0.05:
            out['Content-Type'] = self.some('text/plain', 'application/xml', '')
        if self.chance.random() < 0.05:
            out['If-None-Match'] = self.some('*', '"x"', 'W/"y"')
        return out

    def request(self, operations):
        method, template, _, operation = self.chance.choice(operations)
        if self.chance.random() < 0.03 and template not in ('/session', '/me', '/accounts/{account}'):
            method = self.some('GET', 'POST', 'PUT', 'PATCH', 'DELETE')
        return (method, self.path(template) + self.query(operation),
                self.body(operation) if method != 'GET' else None, self.headers())


def make_house(naklank, sample, folder):
    archive = folder / 'archive'
    archive.mkdir()
    subprocess.run([naklank, 'record', '--read', sample, '--archive', archive, '--quiet', '--purpose',
                    'wording'], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    window = service.Service(naklank, archive)
    window.set_up('company')
    call = window.ask('GET', '/calls').json()['calls'][0]
    numbers = [party['number'] for party in call['parties']]
    window.ask('POST', '/people', {'name': 'Verborgen Persoon', 'numbers': numbers[:1]})
    note = window.ask('POST', f'/calls/{call["id"]}/notes', {'text': 'zeer-geheim'}).json()
    window.ask('PATCH', f'/calls/{call["id"]}', {'tags': ['zeer-geheim']})
    link = window.ask('POST', f'/calls/{call["id"]}/links', {'recipient': 'zeer-geheim'}).json()
    things = {
        'album': window.ask('POST', '/albums', {'name': 'Leren', 'kind': 'library'}).json()['id'],
        'token': window.ask('POST', '/tokens', {'name': 'zeer-geheim', 'scopes': ['read']}).json()['token']['id'],
        'webhook': window.ask('POST', '/webhooks', {'url': 'https://zeer-geheim.invalid/',
                                                    'events': ['recording.held']}).json()['webhook']['id'],
        'job': window.ask('POST', '/jobs', {'kind': 'change', 'calls': [call['id']],
                                            'add_tag': 'zeer-geheim'}).json()['id']}
    account = window.ask('POST', '/accounts', {'name': 'Emma', 'password': service.PASSWORD,
                                               'roles': ['employee'], 'numbers': ['299']}).json()
    return window, call, note, link, account, things


def run(naklank, sample, requests, seed):
    folder = pathlib.Path(tempfile.mkdtemp(prefix='naklank-fuzz-'))
    window, call, note, link, account, things = make_house(naklank, sample, folder)
    owner = window.cookie
    try:
        window.sign_in('Emma')
        cookies = {'nobody': None, 'stranger': 'x' * 32, 'Emma': window.cookie, 'owner': owner}
        chance = random.Random(seed)
        fuzzer = Fuzzer(window, chance)
        fuzzer.paths = {'call': [call['id']], 'note': [note['id']], 'link': [link['link']['id']],
                        'person': [], 'account': [account['id']], 'secret': ['guess'],
                        **{name: [id_] for name, id_ in things.items()}}
        # Nobody's rights or sessions are changed on the way: the fuzzer would soon be somebody else. What
        # never ends is not waited for.
        operations = [one for one in window.contract.operations
                      if one[3]['operationId'] not in ('signOut', 'changeAccount', 'changeMe',
                                                       'addAccount', 'revokeLink', 'getEvents', 'listenIn')]
        seen = {}
        for number in range(requests):
            who = chance.choice(list(cookies))
            method, path, body, headers = fuzzer.request(operations)
            if who == 'owner' and method in ('PATCH', 'PUT', 'DELETE'):
                continue
            window.cookie = cookies[who]
            reply = window.ask(method, path, body, headers)
            seen[reply.status] = seen.get(reply.status, 0) + 1
            what = f'request {number} by {who}: {method} {path[:200]} -> {reply.status}'
            if reply.status >= 500:
                raise AssertionError(f'{what}: {reply.body[:300]!r}')
            if who != 'owner':
                for secret in SECRETS:
                    if secret.encode() in reply.body:
                        raise AssertionError(f'{what} tells {secret}')
        window.cookie = owner
        if window.ask('GET', f'/calls/{call["id"]}').json()['note_list'][0]['text'] != 'zeer-geheim':
            raise AssertionError('the note is not what it was')
        if code := window.stop():
            raise AssertionError(f'the service ended with {code}')
        print(f'{requests} requests, seed {seed}: ' +
              ', '.join(f'{status}: {count}' for status, count in sorted(seen.items())))
        return 0
    finally:
        window.kill()
        shutil.rmtree(folder)


if __name__ == '__main__':
    arguments = argparse.ArgumentParser(description=__doc__,
                                        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument('naklank')
    arguments.add_argument('sample')
    arguments.add_argument('--requests', type=int, default=10_000)
    arguments.add_argument('--seed', type=int, default=1)
    given = arguments.parse_args()
    raise SystemExit(run(given.naklank, given.sample, given.requests, given.seed))
