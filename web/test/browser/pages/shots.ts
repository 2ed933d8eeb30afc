// The pages that are looked at, and a house furnished so that there is something to see on each.
import { readFileSync } from 'node:fs';
import { later, type Later } from '../../../src/words/later';
import type { Words } from '../../../src/words/nl';
import { addLive } from '../fake/rooms/live';
import { codeOf } from '../fake/rooms/security';
import type { startFake } from '../fake/server';
import type { Window_ } from './window';

type Fake = Awaited<ReturnType<typeof startFake>>;

export interface Shot {
  name: string;
  path: string;
  ready: (w: Words) => string | RegExp;
  act?: (window: Window_, words: Words) => Promise<void>;
}

const openDialog =
  (name: (w: Words) => string, ready?: (w: Words) => string) => async (window: Window_, words: Words) => {
    await window.button(name(words)).first().click();
    await window.page.getByRole('dialog').getByRole('heading', { level: 2 }).first().waitFor();
    if (ready) await window.page.getByText(ready(words)).first().waitFor();
  };

// A call that came from a telephone, of which nobody knows when it was.
function bring(fake: Fake, but: string): string {
  const call = fake.house.calls.find((c) => c.answered && c.id !== but && !c.removed_at && !c.is_held)!;
  const details = fake.house.call(call.id)!;
  for (const one of [call, details]) {
    one.is_unsure = true;
    one.door = 'import';
  }
  details.brought = {
    name: 'oude voicemail.ogg',
    place: 'Opnames',
    container: 'ogg',
    fault: '',
    recorder: '',
    unsure: ['when', 'who'],
    findings: [
      { fact: 'started', value: call.started, source: 'file-time', sureness: 'weak', remark: 'minute-only' },
      { fact: 'direction', value: 'in', source: 'file-name', sureness: 'likely' },
    ],
    doubles: [],
  };
  return call.id;
}

export function shots(fake: Fake, face: 'calm' | 'full', language: 'nl' | 'en'): Shot[] {
  const said = later[language];
  const call = fake.house.calls.find((c) => c.answered && c.duration_ms > 300_000 && c.parties.every((p) => p.name))!;
  const details = fake.house.call(call.id)!;
  if (details.note_list.length === 0) {
    fake.house.addNote(
      details,
      'Marie',
      'Hier belooft hij dat de rekening wordt aangepast, uiterlijk eind mei.',
      63_000,
    );
    fake.house.addNote(details, 'Marie', 'Goed gesprek.');
    fake.house.addLink(call.id, 'Marie', { recipient: 'Tante Riet', word: 'madelief' });
    details.tags = ['offerte', 'afspraak'];
  }
  const { removed, held, album } = furnish(fake, call.id);
  const silent = fake.house.calls.find((c) => !c.answered)!;
  const brought = bring(fake, call.id);
  const isCalm = face === 'calm';
  const all: Shot[] = [
    { name: 'calls', path: '/', ready: (w) => (isCalm ? w.calm.listenTitle : w.calls.title) },
    { name: 'people', path: '/mensen', ready: (w) => w.people.title },
    { name: 'person-add', path: '/mensen', ready: (w) => w.people.title, act: openDialog((w) => w.people.add) },
    { name: 'person', path: '/mensen/p1', ready: () => /Oma Bakker/ },
    { name: 'person-edit', path: '/mensen/p1', ready: () => /Oma Bakker/, act: openDialog((w) => w.common.edit) },
    { name: 'call', path: `/gesprek/${call.id}?t=40`, ready: () => /./ },
    { name: 'call-silent', path: `/gesprek/${silent.id}`, ready: () => /./ },
    {
      name: 'share',
      path: `/gesprek/${call.id}`,
      ready: () => /./,
      act: openDialog(
        (w) => w.call.share,
        (w) => w.share.revoke,
      ),
    },
    { name: 'download', path: `/gesprek/${call.id}`, ready: () => /./, act: openDialog((w) => w.call.download) },
    { name: 'settings', path: '/instellingen', ready: (w) => w.settings.title },
    { name: 'accounts', path: '/accounts', ready: (w) => w.accounts.title },
    { name: 'account-add', path: '/accounts', ready: (w) => w.accounts.title, act: openDialog((w) => w.accounts.add) },
    { name: 'log', path: '/logboek', ready: (w) => w.log.title },
    { name: 'safekeeping', path: '/in-bewaring', ready: () => /./ },
    { name: 'call-removed', path: `/gesprek/${removed}`, ready: () => /./ },
    { name: 'call-held', path: `/gesprek/${held}`, ready: () => /./ },
    {
      name: 'remove',
      path: `/gesprek/${call.id}`,
      ready: () => /./,
      act: openDialog(() => (isCalm ? said.keeping.throwAway : said.keeping.remove)),
    },
    { name: 'live', path: '/nu', ready: () => said.live.title },
    {
      name: 'live-heard',
      path: '/nu',
      ready: () => said.live.title,
      async act(window) {
        await window.page.locator('.live-listen').last().click();
        await window.page.getByText(said.live.isWrittenDown).waitFor();
      },
    },
    { name: 'albums', path: '/albums', ready: () => said.albums.title },
    { name: 'album', path: `/albums/${album}`, ready: () => 'Oma vertelt' },
    { name: 'album-add', path: '/albums', ready: () => said.albums.title, act: openDialog(() => said.albums.add) },
    { name: 'import', path: '/binnenhalen', ready: () => said.imports.title },
    { name: 'unsure', path: '/uitzoeken', ready: () => said.imports.unsureTitle },
    {
      name: 'call-brought',
      path: `/gesprek/${brought}`,
      ready: () => /./,
      async act(window) {
        await window.button(said.imports.say).click();
        await window.field(said.imports.who).waitFor();
      },
    },
    {
      name: 'names',
      path: '/bestandsnamen',
      ready: () => said.names.title,
      async act(window) {
        await window.field(said.names.files).fill('Oma 2024-05-03 14.05.m4a\noude voicemail.ogg');
        await window.page.getByText(said.names.readOf(1, 2)).waitFor();
      },
    },
    { name: 'house', path: '/beheer', ready: () => said.house.title },
    { name: 'retention', path: '/bewaartermijnen', ready: () => said.retention.title },
    { name: 'check', path: '/controle', ready: () => said.check.title, act: (window) => checkArchive(window, said) },
    { name: 'security', path: '/beveiliging', ready: () => said.security.title },
    {
      name: 'security-qr',
      path: '/beveiliging',
      ready: () => said.security.title,
      act: (window) => showSecret(window, said),
    },
    { name: 'nothing', path: '/zoeken?q=xyzzy', ready: () => /./ },
    { name: 'not-found', path: '/nergens', ready: (w) => w.trouble.notFoundTitle },
  ];
  if (isCalm)
    return [
      ...all,
      { name: 'search', path: '/zoeken?q=jan', ready: (w) => w.calm.searchTitle },
      { name: 'kept', path: '/bewaard', ready: (w) => w.calm.keptTitle },
    ];
  return [
    ...all,
    {
      name: 'filters',
      path: '/?purpose=memory&person=p1&min=60&max=300',
      ready: (w) => w.calls.title,
      act: async (window, w) => {
        await window.button(w.calls.filtersOn(3)).click();
        await window.page.getByRole('group', { name: w.calls.filters }).waitFor();
      },
    },
    {
      name: 'bulk',
      path: '/',
      ready: (w) => w.calls.title,
      act: async (window) => {
        for (const i of [1, 2, 4]) await window.page.locator('.row-check').nth(i).click();
        await window.page.locator('.bulk').waitFor();
      },
    },
    { name: 'going', path: '/?only=going', ready: (w) => w.calls.title },
    {
      name: 'bulk-work',
      path: '/',
      ready: (w) => w.calls.title,
      async act(window) {
        fake.house.isSlow = true;
        for (const i of [1, 2, 4]) await window.page.locator('.row-check').nth(i).click();
        await window.page.getByRole('button', { name: said.jobs.unkeep }).click();
        await window.page.getByRole('progressbar').waitFor();
      },
    },
    { name: 'hold', path: `/gesprek/${call.id}`, ready: () => /./, act: openDialog(() => said.keeping.hold) },
    { name: 'release', path: `/gesprek/${held}`, ready: () => /./, act: openDialog(() => said.keeping.release) },
    { name: 'programs', path: '/programmas', ready: () => said.programs.title },
    {
      name: 'token-add',
      path: '/programmas',
      ready: () => said.programs.title,
      act: openDialog(() => said.programs.addToken),
    },
    {
      name: 'webhook-add',
      path: '/programmas',
      ready: () => said.programs.title,
      act: openDialog(() => said.programs.addWebhook),
    },
    { name: 'keys', path: `/gesprek/${call.id}`, ready: () => /./, act: openDialog((w) => w.call.keys) },
  ];
}

// Something of everything: removed, held, in an album, running now, with a photo, with a key and a webhook.
function furnish({ house }: Fake, shown: string) {
  const known = house.albums[0];
  if (known) {
    const [removed, held] = [house.calls.find((c) => c.removed_at)!.id, house.calls.find((c) => c.is_held)!.id];
    return { removed, held, album: known.id };
  }
  const [first, second] = house.calls.filter((c) => c.answered && !c.is_kept && c.id !== shown).slice(3);
  const removed = house.call(first!.id)!;
  removed.removed_at = new Date().toISOString();
  removed.deleted_at = new Date(Date.now() + 30 * 86_400_000).toISOString();
  house.changed(removed);
  const held = house.call(second!.id)!;
  held.is_held = true;
  held.hold = { by: 'Sanne', at: new Date().toISOString(), reason: 'Zaak 2026-14', released_by: ['Sanne'] };
  house.changed(held);
  const inside = house.calls.filter((c) => c.purpose === 'memory' && !c.removed_at).slice(0, 4);
  const album = house.addAlbum('a1', 'Oma vertelt', 'album', [shown, ...inside.map((c) => c.id)]);
  house.addAlbum('a2', 'Goede openingen', 'library');
  house.photos.set('p1', { type: 'image/png', bytes: readFileSync('public/icon-192.png') });
  house.people.find((p) => p.id === 'p1')!.photo = '/api/v1/people/p1/photo?v=1';
  addLive(house);
  addLive(house, { is_paused: true, may_listen: false, answered: false });
  const made_at = new Date().toISOString();
  house.tokens.push({ id: 't0', name: 'Rapportage', by: 'Marie', scopes: ['read', 'hear'], made_at });
  const url = 'https://crm.example/naklank/wat-er-gebeurt';
  house.webhooks.push({ id: 'w0', url, events: ['recording.made', 'recording.removed'], is_on: true, waiting: 2 });
  return { removed: removed.id, held: held.id, album: album.id };
}

async function checkArchive(window: Window_, said: Later) {
  await window.page.getByRole('button', { name: said.check.begin }).or(window.button(said.check.again)).click();
  await window.page.getByText(said.check.bad(1)).waitFor();
}

async function showSecret(window: Window_, said: Later) {
  await window.button(said.security.begin).click();
  await window.field(said.security.password).fill('een lang zinnetje');
  await window.button(said.security.further).click();
  await window.page.getByRole('img', { name: said.security.qr }).waitFor();
}

// The last thing: what is asked for when signing in is other afterwards.
export async function showCodes(window: Window_, said: Later) {
  await showSecret(window, said);
  const secret = (await window.page.locator('.secret-text').innerText()).replace(/\s/g, '');
  await window.field(said.security.code).fill(codeOf(secret));
  await window.button(said.security.confirm).click();
  await window.button(said.security.done).waitFor();
}
