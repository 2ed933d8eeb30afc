// The states a page can be in besides its usual one: empty, playing, failed, lost, just shared. The same examination as
// in looks.test.ts, in both faces.
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogues } from '../../src/words/catalogues';
import { later } from '../../src/words/later';
import type { FakeOptions } from './fake/house';
import { startFake } from './fake/server';
import { launch, openWindow } from './pages/window';

let browser: Browser;
beforeAll(async () => {
  mkdirSync('build/shots', { recursive: true });
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

const looks = (['calm', 'full'] as const).flatMap((face) => [
  { face, language: 'nl' as const, dark: false, width: 1280 },
  { face, language: 'en' as const, dark: true, width: 390 },
]);

describe.each(looks)('$face-$language-$width', ({ face, language, dark, width }) => {
  const name = `${face}-${language}-${dark ? 'dark' : 'light'}-${width}`;
  const words = catalogues[language];
  const said = later[language];

  async function enter(options: FakeOptions = {}) {
    const fake = await startFake({ ...options, account: { face, language } });
    const window = await openWindow(browser, fake.url, { width, dark, language });
    await window.isKnown(fake.house.signIn(fake.house.accounts[0]!), fake.url);
    const leave = async () => {
      await window.close();
      await fake.stop();
    };
    return { fake, window, page: window.page, leave };
  }
  const call = (fake: Awaited<ReturnType<typeof startFake>>) =>
    fake.house.calls.find((c) => c.answered && c.duration_ms > 300_000 && c.parties.every((p) => p.name))!;

  test('a house in which nothing happened yet', async () => {
    const { fake, window, page, leave } = await enter({ calls: 0 });
    fake.house.people = [];
    fake.house.log = [];
    const found: string[] = [];
    for (const [state, path, heading] of [
      ['no-calls', '/', words.calls.emptyTitle],
      ['no-people', '/mensen', words.people.emptyTitle],
      ['no-log', '/logboek', words.log.empty],
      ['no-kept', '/bewaard', words.calm.keptNone],
      ['no-safekeeping', '/in-bewaring', face === 'calm' ? said.keeping.binNone : said.keeping.safeNone],
      ['no-live', '/nu', said.live.none],
      ['no-albums', '/albums', said.albums.none],
    ] as const) {
      await page.goto(path);
      await page.getByRole('heading', { level: 2, name: heading }).waitFor();
      await window.shoot(`${name}-${state}`, false);
      found.push(...(await window.violations({ isEnhanced: face === 'calm' })));
    }
    expect(found).toEqual([]);
    expect(window.complaints).toEqual([]);
    await leave();
  });

  test('a call that is heard, and one whose sound does not come', async () => {
    const { fake, window, page, leave } = await enter();
    await page.goto(`/gesprek/${call(fake).id}`);
    await window.button(new RegExp(`^${words.call.listen}`)).click();
    await window.waitForSound();
    await window.button(face === 'calm' ? words.call.stop : words.call.pause).waitFor();
    await window.shoot(`${name}-playing`, false);
    const found = await window.violations({ isEnhanced: face === 'calm' });
    await page.route('**/audio', (route) => route.abort());
    await page.reload();
    await window.button(new RegExp(`^${words.call.listen}`)).click();
    await page.getByText(words.call.soundFailed).waitFor();
    await window.shoot(`${name}-no-sound`, false);
    found.push(...(await window.violations({ isEnhanced: face === 'calm' })));
    expect(found).toEqual([]);
    await leave();
  });

  test('a link that was just made, and a session that ended', async () => {
    const { fake, window, page, leave } = await enter();
    await page.goto(`/gesprek/${call(fake).id}`);
    await window.button(words.call.share).click();
    await window.field(words.share.recipient).fill('Tante Riet');
    await window.button(words.share.make).click();
    await page.getByText(words.share.once).waitFor();
    await page.getByText(words.share.notOpened).waitFor();
    await window.shoot(`${name}-link-made`, false);
    const found = await window.violations({ isEnhanced: face === 'calm' });
    await window.button(words.common.close).click();
    await page.locator('textarea').fill('Nog niet opgeslagen');
    fake.house.endSessions();
    await window.button(words.call.addNote).click();
    await page.getByRole('heading', { name: words.door.lostTitle }).waitFor();
    await window.shoot(`${name}-lost`, false);
    found.push(...(await window.violations({ isEnhanced: face === 'calm' })));
    expect(found).toEqual([]);
    expect(window.complaints).toEqual([]);
    await leave();
  });

  test('no network at all', async () => {
    const { window, page, leave } = await enter();
    await page.route('**/api/v1/calls?*', (route) => route.abort());
    await page.goto('/');
    await page.getByRole('heading', { name: words.trouble.offlineTitle }).waitFor();
    await window.shoot(`${name}-offline`, false);
    const found = await window.violations({ isEnhanced: face === 'calm' });
    for (const [room, path] of [
      ['retention', '/bewaartermijnen'],
      ['albums', '/albums'],
      ['live', '/nu'],
      ['jobs', '/controle'],
    ] as const) {
      await page.route(`**/api/v1/${room}`, (route) => route.abort());
      await page.route('**/api/v1/events*', (route) => route.abort());
      await page.goto(path);
      await page.getByRole('heading', { name: words.trouble.offlineTitle }).waitFor();
      found.push(...(await window.violations({ isEnhanced: face === 'calm' })));
      await page.unroute(`**/api/v1/${room}`);
      await window.button(words.common.retry).click();
      await page.getByRole('heading', { name: words.trouble.offlineTitle }).waitFor({ state: 'detached' });
    }
    expect(found).toEqual([]);
    await leave();
  });
});
