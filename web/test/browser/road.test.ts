// A first-time user's road, from setting up to revoking a link.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nl } from '../../src/words/nl';
import { startFake } from './fake/server';
import { launch, openWindow } from './pages/window';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

test('sets up, finds a call by name, hears it, notes a second, shares it, and takes it back', async () => {
  const fake = await startFake({ isSetUp: false });
  const home = await openWindow(browser, fake.url);
  const { page } = home;

  // The server refuses a name; nothing that was typed is lost.
  await home.setUp(fake.house.setupCode, {
    forWhom: 'company',
    name: 'system',
    password: 'een lang zinnetje',
    numbers: ['+31201234567'],
  });
  await page.getByText(nl.common.refusedField).waitFor();
  expect(await home.field(nl.setUp.numbers).inputValue()).toBe('+31201234567');
  expect(await home.field(nl.door.password).inputValue()).toBe('een lang zinnetje');
  await home.field(nl.setUp.name).fill('Marie');
  await home.button(nl.setUp.finish).click();
  await home.heading(nl.calls.title).waitFor();

  await home.find('oma');
  await home.firstCall('Oma Bakker').click();
  await home.heading('Oma Bakker').waitFor();
  expect(fake.house.soundBytes).toBe(0);
  expect((await home.sound()).isPaused).toBe(true);

  await home.button(/^Luister naar Oma Bakker/).click();
  await home.waitForSound(0.6);
  expect((await home.sound()).error).toBeNull();
  await page.keyboard.press('n');
  await page.keyboard.type('Ze vertelt over de tuin');
  await home.button(nl.call.addNote).click();
  await page.locator('.note-text', { hasText: 'Ze vertelt over de tuin' }).waitFor();
  const note = [...fake.house.details.values()].flatMap((call) => call.note_list)[0]!;
  expect(note.at_ms).toBeGreaterThan(300);
  await home.button(nl.call.pause).click();
  expect((await home.sound()).isPaused).toBe(true);

  await home.button(nl.call.share).click();
  await home.field(nl.share.recipient).fill('Tante Riet');
  await home.field(nl.share.word).fill('madelief');
  await home.button(nl.share.make).click();
  const address = await home.field(nl.share.address).inputValue();
  expect(address).toContain('/deel/');
  await home.button(nl.common.copy).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);

  const stranger = await openWindow(browser, fake.url, { width: 390, height: 800 });
  await stranger.page.goto(new URL(address).pathname);
  await stranger.heading(nl.shared.wordTitle).waitFor();
  await stranger.field(nl.shared.word).fill('roos');
  await stranger.button(nl.shared.open).click();
  await stranger.page.getByText(nl.shared.wordWrong).waitFor();
  await stranger.field(nl.shared.word).fill('madelief');
  await stranger.button(nl.shared.open).click();
  await stranger.heading('Marie deelt een gesprek met u').waitFor();
  await stranger.button(/^Luister naar/).click();
  await stranger.waitForSound();
  await stranger.button(nl.call.stop).click();
  expect((await stranger.sound()).isPaused).toBe(true);

  await home.button(nl.common.close).click();
  await home.button(nl.call.share).click();
  await home.button(nl.share.revokeOf('Tante Riet')).click();
  await page.getByRole('dialog').getByText(nl.share.revoked, { exact: true }).waitFor();
  await stranger.page.reload();
  await stranger.heading(nl.shared.goneTitle).waitFor();

  expect(home.complaints).toEqual([]);
  expect(stranger.complaints).toEqual([]);
  await home.close();
  await stranger.close();
  await fake.stop();
});

test('a link of an earlier start says where the right one is, and takes that in its place', async () => {
  const fake = await startFake({ isSetUp: false });
  const home = await openWindow(browser, fake.url);
  const typed = { forWhom: 'home', name: 'Marie', password: 'een lang zinnetje' } as const;
  await home.setUp('van-gisteren', { ...typed, numbers: ['mijn nummer', '+31201234567'] });
  await home.page.getByText(nl.common.notANumber('mijn nummer')).waitFor();
  expect(fake.house.isSetUp).toBe(false);
  await home.field(nl.setUp.numbers).fill('+31201234567');
  await home.button(nl.setUp.finish).click();
  await home.page.getByText(nl.problems['wrong-code']!).waitFor();
  await home.page.getByText('.state/set-up-link').waitFor();
  const code = home.field(nl.setUp.code);
  expect(await code.evaluate((input) => input === document.activeElement)).toBe(true);
  await code.fill(`http://127.0.0.1:8060/opzetten?code=${fake.house.setupCode}`);
  await home.button(nl.setUp.finish).click();
  await home.heading(nl.calm.listenTitle).waitFor();
  expect(fake.house.accounts[0]).toMatchObject({ name: 'Marie', numbers: ['+31201234567'] });
  expect(home.complaints).toEqual([]);
  await home.close();
  await fake.stop();
});

test('a lost session loses nothing that was typed', async () => {
  const fake = await startFake({ account: { face: 'full' } });
  const home = await openWindow(browser, fake.url);
  await home.signIn('Marie', 'een lang zinnetje', '/?q=lotte');
  await home.firstCall('Lotte').click();
  await home.heading('Lotte').waitFor();
  await home.page.locator('textarea').fill('Nog niet opgeslagen');
  fake.house.endSessions();
  await home.button(nl.call.addNote).click();
  const dialog = home.page.getByRole('dialog');
  await dialog.getByRole('heading', { name: nl.door.lostTitle }).waitFor();
  await dialog.getByLabel(nl.door.password, { exact: true }).fill('een lang zinnetje');
  await dialog.getByRole('button', { name: nl.door.signIn }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await home.page.locator('textarea').inputValue()).toBe('Nog niet opgeslagen');
  await home.button(nl.call.addNote).click();
  await home.page.locator('.note-text', { hasText: 'Nog niet opgeslagen' }).waitFor();
  expect(home.complaints).toEqual([]);
  await home.close();
  await fake.stop();
});

test('a long call sounds soon and is never fetched whole; keys, speed and skipping work', async () => {
  const fake = await startFake({ account: { face: 'full' } });
  const call = fake.house.calls.find((c) => c.answered)!;
  call.duration_ms = 3 * 3600_000;
  const home = await openWindow(browser, fake.url);
  await home.signIn('Marie', 'een lang zinnetje', `/gesprek/${call.id}`);
  await home.button(/^Luister naar/).waitFor();
  await home.page.evaluate(() => {
    document.addEventListener('keydown', () => performance.mark('pressed'), { once: true, capture: true });
    document
      .querySelector('audio')!
      .addEventListener('playing', () => performance.measure('took', 'pressed'), { once: true });
  });
  await home.page.keyboard.press(' ');
  await home.waitForSound();
  const tookMs = Math.round(await home.page.evaluate(() => performance.getEntriesByName('took')[0]!.duration));
  console.log(`a call of three hours sounds after ${tookMs} ms`);
  // 300 is the aim, and what it takes on a machine of its own is a quarter of that; others may be at work here.
  expect(tookMs).toBeLessThan(1000);
  await home.page.keyboard.press('>');
  expect((await home.sound()).rate).toBe(1.25);
  const box = (await home.page.locator('.timeline').boundingBox())!;
  await home.page.mouse.click(box.x + box.width / 2, box.y + 20);
  await home.waitForSound(5000);
  await home.page.keyboard.press('j');
  await home.page.waitForFunction(() => document.querySelector('audio')!.currentTime < 5395);
  await home.page.keyboard.press('?');
  await home.page.getByRole('dialog').getByText(nl.call.keyList.note).waitFor();
  await home.button(nl.common.close).click();
  await home.page.keyboard.press('k');
  expect((await home.sound()).isPaused).toBe(true);
  expect(fake.house.soundBytes).toBeLessThan(0.5 * 3 * 3600 * 8000 * 4);
  expect(home.complaints).toEqual([]);
  await home.close();
  await fake.stop();
});

test('silences are skipped when that is asked for', async () => {
  const fake = await startFake({ account: { face: 'full' } });
  const call = fake.house.calls.find((c) => c.answered)!;
  call.duration_ms = 90_000;
  const home = await openWindow(browser, fake.url);
  await home.signIn('Marie', 'een lang zinnetje', `/gesprek/${call.id}?t=24`);
  await home.page.getByText(nl.call.skipSilence).click();
  await home.button(/^Luister naar/).click();
  await home.waitForSound(29);
  expect((await home.sound()).seconds).toBeLessThan(32);
  await home.close();
  await fake.stop();
});
