// Every page in both faces, both languages, light and dark, at three widths: axe-core finds nothing, and a picture of
// each is left in build/shots/ for people to look at. SHOTS narrows which (a part of the name).
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogues } from '../../src/words/catalogues';
import type { Words } from '../../src/words/nl';
import { startFake } from './fake/server';
import { launch, openWindow, type Window_ } from './pages/window';

type Fake = Awaited<ReturnType<typeof startFake>>;
const only = process.env['SHOTS'] ?? '';
const password = 'een lang zinnetje';

let browser: Browser;
beforeAll(async () => {
  mkdirSync('build/shots', { recursive: true });
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

interface Shot {
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

function shots(fake: Fake, face: 'calm' | 'full'): Shot[] {
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
  const silent = fake.house.calls.find((c) => !c.answered)!;
  const isCalm = face === 'calm';
  const all: Shot[] = [
    { name: 'calls', path: '/', ready: (w) => (isCalm ? w.calm.listenTitle : w.calls.title) },
    { name: 'people', path: '/mensen', ready: (w) => w.people.title },
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
    { name: 'keys', path: `/gesprek/${call.id}`, ready: () => /./, act: openDialog((w) => w.call.keys) },
  ];
}

async function look(window: Window_, name: string, isEnhanced: boolean): Promise<string[]> {
  await window.page.waitForTimeout(60);
  // A list of which only what is in sight exists is photographed as it is seen.
  await window.shoot(name, (await window.page.locator('.calls-rows, .veil').count()) === 0);
  return (await window.violations({ isEnhanced })).map((violation) => `${name}: ${violation}`);
}

const lights = [false, true];
const widths = [1280, 768, 390];
const combinations = (['calm', 'full'] as const).flatMap((face) =>
  (['nl', 'en'] as const).flatMap((language) =>
    lights.flatMap((dark) =>
      // The narrowest screens differ by their width alone.
      [...widths, ...(language === 'nl' && !dark ? [320] : [])].map((width) => ({
        face,
        language,
        dark,
        width,
        name: `${face}-${language}-${dark ? 'dark' : 'light'}-${width}`,
      })),
    ),
  ),
);

describe.each(combinations.filter(({ name }) => name.includes(only)))(
  '$name',
  ({ face, language, dark, width, name }) => {
    test('no page breaks WCAG 2.2 AA, nor overflows its width', async () => {
      const fake = await startFake({ account: { face, language } });
      const words = catalogues[language];
      const window = await openWindow(browser, fake.url, { width, dark, language });
      await window.isKnown(fake.house.signIn(fake.house.accounts[0]!), fake.url);
      const found: string[] = [];
      for (const shot of shots(fake, face)) {
        await window.page.goto(shot.path);
        await window.page
          .locator('main')
          .getByRole('heading', { name: shot.ready(words) })
          .first()
          .waitFor();
        await window.page.getByText(words.common.loading).waitFor({ state: 'detached' });
        await shot.act?.(window, words);
        found.push(...(await look(window, `${name}-${shot.name}`, face === 'calm')));
        const tooWide = await window.page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (tooWide > 0) found.push(`${name}-${shot.name}: ${tooWide} px too wide`);
      }
      expect(found).toEqual([]);
      expect(window.complaints).toEqual([]);
      await window.close();
      await fake.stop();
    });

    test.runIf(face === 'calm')('nor does the door', async () => {
      const fake = await startFake();
      const window = await openWindow(browser, fake.url, { width, dark, language });
      const words = catalogues[language];
      const call = fake.house.calls.find((c) => c.answered && c.duration_ms > 200_000)!;
      const link = fake.house.addLink(call.id, 'Marie', { recipient: 'Tante Riet' });
      const locked = fake.house.addLink(call.id, 'Marie', { recipient: 'Tante Riet', word: 'madelief' });
      await window.page.addInitScript((code) => localStorage.setItem('naklank.language', code), language);
      const found: string[] = [];
      await window.page.goto('/');
      await window.heading(words.door.welcome).waitFor();
      found.push(...(await look(window, `${name}-sign-in`, true)));
      await window.field(words.door.name).fill('Marie');
      await window.field(words.door.password).fill(`${password}!`);
      await window.button(words.door.signIn).click();
      await window.page.getByText(words.door.wrong).waitFor();
      found.push(...(await look(window, `${name}-sign-in-wrong`, true)));
      await window.page.goto(`/deel/${link.secret}`);
      await window.heading(words.shared.title('Marie')).waitFor();
      found.push(...(await look(window, `${name}-shared`, true)));
      await window.page.goto(`/deel/${locked.secret}`);
      await window.heading(words.shared.wordTitle).waitFor();
      found.push(...(await look(window, `${name}-shared-word`, true)));
      await window.page.goto('/deel/niets');
      await window.heading(words.shared.goneTitle).waitFor();
      found.push(...(await look(window, `${name}-shared-gone`, true)));
      fake.house.isSetUp = false;
      await window.page.goto('/opzetten');
      await window.heading(words.setUp.title).waitFor();
      await window.button(words.setUp.finish).click();
      found.push(...(await look(window, `${name}-set-up`, true)));
      expect(found).toEqual([]);
      expect(window.complaints).toEqual([]);
      await window.close();
      await fake.stop();
    });
  },
);
