#!/usr/bin/env python3
"""The table of rights over the real API: every role, purpose, relation and action, allowed or refused,
in lists and of single calls, and every refusal in the custody log. The table stands here by hand, as
docs/WINDOW.md has it; the service knows nothing of it.

    rights_test.py NAKLANK SAMPLE
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import service

ROLES = ('owner', 'manager', 'trainer', 'employee', 'family', 'auditor', 'admin')
PURPOSES = ('wording', 'agreement', 'training', 'memory', 'keepsake')
RELATIONS = ('own', 'team', 'album', 'library', 'unclaimed', 'none')
ACTIONS = ('see', 'hear', 'download', 'note', 'edit', 'share', 'keep', 'remove', 'hold', 'release')
ALL = set(ACTIONS)
HEAR = {'see', 'hear', 'note'}


def expected(role, purpose, relation):
    private, family = purpose in ('wording', 'agreement'), purpose in ('memory', 'keepsake')
    training = purpose == 'training'
    out = set()
    if relation == 'own' and (private or family) and role in ('owner', 'family'):
        out |= ALL
    if relation == 'own' and private and role in ('manager', 'trainer', 'employee'):
        out |= HEAR
    if relation == 'own' and training and role in ('owner', 'manager', 'trainer', 'employee'):
        out |= HEAR
    if relation == 'team' and training and role == 'trainer':
        out |= HEAR | {'edit'}
    if relation == 'team' and training and role == 'manager':
        out |= HEAR | {'edit', 'download', 'share', 'keep', 'hold'}
    if relation == 'album' and family and role in ('owner', 'family'):
        out |= HEAR | {'download'}
    if relation == 'library' and training and role in ('owner', 'manager', 'trainer', 'employee'):
        out |= HEAR
    if relation == 'unclaimed' and role == 'owner':
        out |= ALL
    if training and role == 'owner':
        out |= {'see', 'remove', 'hold', 'release'}
    if (private or training) and role == 'auditor':
        out |= {'see', 'hold', 'release'}
    return out


class House:
    def __init__(self, naklank, sample, relation):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='naklank-rights-'))
        self.relation = relation
        archive = self.folder / 'archive'
        archive.mkdir()
        for purpose in PURPOSES:
            for _ in ROLES:
                subprocess.run([naklank, 'record', '--read', sample, '--archive', archive, '--quiet',
                                '--purpose', purpose], check=True, stdin=subprocess.DEVNULL)
        listed = json.loads(subprocess.run([naklank, 'list', '--json', '--archive', archive], check=True,
                                           capture_output=True).stdout)
        by_purpose = {purpose: [one['id'] for one in listed if one['purpose'] == purpose]
                      for purpose in PURPOSES}
        self.calls = {(role, purpose): by_purpose[purpose][i]
                      for purpose in PURPOSES for i, role in enumerate(ROLES)}
        self.number = listed[0]['caller']['number']
        self.window = service.Service(naklank, archive)
        self.window.set_up('company', name='Anna')
        self.cookies, self.accounts = {'Anna': self.window.cookie}, {}
        for role in ROLES:
            self.account(role, [role], numbers=[self.number] if relation == 'own' else [],
                         leads=['t'] if relation == 'team' else [])
        if relation in ('team', 'none', 'library', 'album'):
            self.account('Member', ['family' if relation == 'album' else 'employee'],
                         numbers=[self.number], team='t')
        if relation == 'library':
            self.account('Leader', ['manager'], leads=['t'])
            self.fill_album('Leader', 'library', ['training'])
        if relation == 'album':
            self.fill_album('Member', 'album', ['memory', 'keepsake'])

    def account(self, name, roles, **more):
        self.window.cookie = self.cookies['Anna']
        made = self.window.ask('POST', '/accounts', {'name': name, 'password': service.PASSWORD,
                                                     'roles': roles, **more})
        assert made.status == 201, made.body
        self.accounts[name] = made.json()['id']
        assert self.window.sign_in(name).status == 201
        self.cookies[name] = self.window.cookie

    def fill_album(self, maker, kind, purposes):
        body = {'name': 'Album', 'kind': kind}
        if kind == 'album':
            body['members'] = [self.accounts[role] for role in ROLES]
        album = self.ask(maker, 'POST', '/albums', body).json()['id']
        for (_, purpose), call in self.calls.items():
            status = self.ask(maker, 'PUT', f'/albums/{album}/calls/{call}').status
            wanted = (204,) if purpose in purposes else (403, 404, 422)
            assert status in wanted, (kind, purpose, status)

    def ask(self, who, method, path, body=None, headers=None):
        self.window.cookie = self.cookies[who]
        return self.window.ask(method, path, body, headers)

    def act(self, role, action, call):
        """Whether it was allowed; what was done is undone where the next would trip over it."""
        path = f'/calls/{call}'
        if action == 'see':
            status = self.ask(role, 'GET', path).status
            listed = [one['id'] for one in self.ask(role, 'GET', '/calls?limit=200').json()['calls']]
            assert (call in listed) == (status == 200), f'{role}: a list that differs from the call'
        elif action == 'hear':
            status = self.ask(role, 'GET', path + '/audio', headers={'Range': 'bytes=0-99'}).status
            assert self.ask(role, 'GET', path + '/peaks').status == (200 if status == 206 else status)
        elif action == 'download':
            status = self.ask(role, 'GET', path + '/audio?download=true').status
        elif action == 'note':
            status = self.ask(role, 'POST', path + '/notes', {'text': 'x'}).status
        elif action == 'edit':
            status = self.ask(role, 'PATCH', path, {'add_tag': 'x'}).status
        elif action == 'share':
            status = self.ask(role, 'POST', path + '/links', {'recipient': 'x'}).status
        elif action == 'keep':
            status = self.ask(role, 'PATCH', path, {'is_kept': True}).status
            if status == 200:
                self.ask(role, 'PATCH', path, {'is_kept': False})
        elif action == 'remove':
            status = self.ask(role, 'DELETE', path).status
            if status == 204:
                assert self.ask(role, 'POST', path + '/restore', {}).status == 200
            else:
                assert self.ask(role, 'POST', path + '/restore', {}).status == status
        elif action == 'hold':
            status = self.ask(role, 'POST', path + '/hold', {'reason': 'x'}).status
        else:
            status = self.ask(role, 'POST', path + '/release', {}).status
        if status in (403, 404):
            return False
        assert status in (200, 201, 204, 206), f'{role} {action}: {status}'
        return True

    def check(self):
        wrong, denied = [], set()
        for (role, purpose), call in self.calls.items():
            wanted = expected(role, purpose, self.relation)
            for action in ACTIONS:
                allowed = self.act(role, action, call)
                if allowed != (action in wanted):
                    wrong.append(f'{role}, {purpose}, {self.relation}: {action} was '
                                 f'{"allowed" if allowed else "refused"}')
                if not allowed:
                    # A change of what one may not even see is refused as seeing it.
                    unseen = action in ('edit', 'keep') and 'see' not in wanted
                    denied.add((role, call, 'see' if unseen else action))
        told, before = set(), None
        while True:
            events = self.ask('Anna', 'GET', '/log?what=denied&limit=500' +
                              (f'&before={before}' if before else '')).json()['events']
            if not events:
                break
            before = events[-1]['number']
            told |= {(one['who'], one.get('recording'), one['detail'].split(':')[0]) for one in events}
        wrong += [f'the log has nothing of {one}' for one in sorted(denied - told)]
        return wrong, len(self.calls) * len(ACTIONS), len(denied)

    def close(self):
        self.window.kill()
        shutil.rmtree(self.folder)


def main(naklank, sample):
    bad = 0
    for relation in RELATIONS:
        house = House(naklank, sample, relation)
        try:
            wrong, tried, denied = house.check()
        finally:
            house.close()
        print(f'{relation}: {tried} tried, {denied} refused, {len(wrong)} wrong')
        for line in wrong[:20]:
            print('  ' + line)
        bad += len(wrong)
    return 1 if bad else 0


if __name__ == '__main__':
    raise SystemExit(main(*sys.argv[1:]))
