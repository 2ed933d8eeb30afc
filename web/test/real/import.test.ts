// A telephone's folder comes in through the real window: chosen, sent, read, told of in words; and what is not sure is
// sorted out by a first-time user.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nl } from '../../src/words/nl';
import { later } from '../../src/words/later';
import { launch, openWindow } from '../browser/pages/window';
import { serve } from './service';

const said = later.nl.imports;
let browser: Browser;
let phone = '';
const tone = (hertz: number, ...how: string[]) =>
  execFileSync('ffmpeg', [
    ...['-loglevel', 'error', '-y', '-f', 'lavfi', '-i', `sine=frequency=${hertz}:duration=3`, '-ac', '1'],
    ...how,
  ]);
beforeAll(async () => {
  mkdirSync('build/shots', { recursive: true });
  browser = await launch();
  phone = mkdtempSync(join(tmpdir(), 'naklank-phone-'));
  mkdirSync(join(phone, 'Recordings/Call'), { recursive: true });
  tone(440, '-c:a', 'aac', join(phone, 'Recordings/Call/Call recording Oma_240825_154438.m4a'));
  tone(550, '-c:a', 'aac', join(phone, 'Recordings/Call/Call recording Oma_240826_101500.m4a'));
  tone(660, '-c:a', 'libmp3lame', join(phone, '+31205550004-0-1650000000000.mp3'));
  tone(770, '-c:a', 'libopus', join(phone, 'oude voicemail.ogg'));
  writeFileSync(join(phone, 'boodschappen.txt'), 'melk, brood\n');
});
afterAll(async () => {
  await browser.close();
  rmSync(phone, { recursive: true, force: true });
});

test('a folder is chosen, comes in, is told of in words, and what is not sure is sorted out', async () => {
  const service = await serve();
  const home = await openWindow(browser, service.url);
  const { page } = home;
  await home.setUp(await service.code(), {
    forWhom: 'home',
    name: 'Marie',
    password: 'een lang zinnetje',
    numbers: [],
  });
  await home.heading(nl.calm.listenTitle).waitFor();
  await page.goto('/instellingen');
  await page.getByRole('link', { name: said.title }).click();
  await home.heading(said.title).waitFor();
  await home.shoot('import-empty');
  expect(await home.violations({ isEnhanced: true })).toEqual([]);

  const chooser = page.waitForEvent('filechooser');
  await home.button(said.chooseFolder).click();
  await (await chooser).setFiles(phone);
  await page.getByRole('heading', { name: said.calls(3, 1) }).waitFor();
  await page.getByText(said.with([said.one('2', 'Oma'), said.one('1', '+31205550004')], 0)).waitFor();
  await page.getByText(said.left(1)).waitFor();
  await page.getByText(said.safe('4')).waitFor();
  await home.shoot('import-outcome');
  expect(await home.violations({ isEnhanced: true })).toEqual([]);

  await page.getByRole('link', { name: said.sortOut(1) }).click();
  await home.heading(said.unsureTitle).waitFor();
  await home.firstCall(/./).waitFor();
  await home.shoot('import-unsure');
  await home.firstCall(/./).click();
  await page.getByText(said.unsure.when).waitFor();
  await page.getByText(said.unsure.who).waitFor();
  await home.button(/^Luister naar/).click();
  await home.waitForSound(0.5);
  expect((await home.sound()).error).toBeNull();
  await home.shoot('import-call');
  await home.button(said.say).click();
  await home.field(said.who).fill('Tante Riet');
  await home.field(said.when).fill('2019-05-03T14:05');
  await page.getByRole('radio', { name: said.directions['in']! }).check({ force: true });
  expect(await home.violations({ isEnhanced: true })).toEqual([]);
  await home.shoot('import-say');
  await home.button(nl.common.save).click();
  await home.heading(/Tante Riet/).waitFor();
  await page.getByText(said.unsure.when).waitFor({ state: 'detached' });
  await page.goto('/uitzoeken');
  await page.getByRole('heading', { name: said.unsureNone }).waitFor();
  expect(home.complaints).toEqual([]);
  await home.close();
  await service.stop();
});

test('what another app shares waits until it is brought', async () => {
  const service = await serve();
  const home = await openWindow(browser, service.url, { worker: true });
  const { page } = home;
  await home.setUp(await service.code(), {
    forWhom: 'home',
    name: 'Marie',
    password: 'een lang zinnetje',
    numbers: [],
  });
  await home.heading(nl.calm.listenTitle).waitFor();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    // As a telephone's "share with" posts it (the manifest's share_target).
    document.body.innerHTML =
      '<form method="post" action="/delen" enctype="multipart/form-data"><input type="file" name="files" multiple></form>';
  });
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.locator('input').setInputFiles(join(phone, 'Recordings/Call/Call recording Oma_240825_154438.m4a'));
  await page.locator('form').evaluate((form: HTMLFormElement) => form.submit());
  await home.heading(said.title).waitFor();
  await page.getByRole('heading', { name: said.shared(1) }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/binnenhalen');
  await home.shoot('import-shared');
  expect(await home.violations({ isEnhanced: true })).toEqual([]);
  await page.reload(); // nothing is lost by that
  await page.getByRole('heading', { name: said.shared(1) }).waitFor();
  await home.button(said.keepShared).click();
  await page.getByRole('heading', { name: said.calls(1, 0) }).waitFor();
  await page.getByText(said.safe('1')).waitFor();
  await page.reload();
  await home.heading(said.title).waitFor();
  await home.button(said.chooseFolder).waitFor();
  expect(await page.getByRole('heading', { name: said.shared(1) }).count()).toBe(0);
  await home.close();
  await service.stop();
});

test('somebody teaches how files are called, and says that two calls were one talk', async () => {
  const service = await serve();
  const home = await openWindow(browser, service.url);
  const { page } = home;
  await home.setUp(await service.code(), {
    forWhom: 'home',
    name: 'Marie',
    password: 'een lang zinnetje',
    numbers: [],
  });
  await home.heading(nl.calm.listenTitle).waitFor();
  await page.goto('/binnenhalen');
  await page.getByRole('link', { name: said.otherNames }).click();
  const names = later.nl.names;
  await home.heading(names.title).waitFor();
  await home.field(names.files).fill('gesprek Riet op 3-5-2024 om 14.05.m4a\nvakantie.m4a');
  await home.field(names.template).fill('gesprek {contact_name} op {date:d');
  await page.getByText(/Dit is geen sjabloon/).waitFor();
  await home.field(names.template).fill('gesprek {contact_name} op {date:d-M-yyyy} om {date:HH.mm}');
  await page.getByRole('heading', { name: names.readOf(1, 2) }).waitFor();
  await page.getByText('3 mei 2024 om 14:05, Riet').waitFor(); // as it is where the person is
  await home.shoot('import-names');
  expect(await home.violations({ isEnhanced: true })).toEqual([]);
  await home.button(nl.common.save).click();
  await home.button(names.remove).waitFor();

  const folder = mkdtempSync(join(tmpdir(), 'naklank-taught-'));
  tone(440, '-c:a', 'aac', join(folder, 'gesprek Riet op 3-5-2024 om 14.05.m4a'));
  tone(450, '-c:a', 'aac', join(folder, 'gesprek Riet op 3-5-2024 om 14.06.m4a'));
  await page.goto('/binnenhalen');
  const chooser = page.waitForEvent('filechooser');
  await home.button(said.chooseFolder).click();
  await (await chooser).setFiles(folder);
  await page.getByText(said.with([said.one('2', 'Riet')], 0)).waitFor();
  rmSync(folder, { recursive: true });
  await page.goto('/');
  await home.firstCall(/Riet/).click();
  const talk = later.nl.talk;
  await page.getByRole('heading', { name: talk.title }).waitFor();
  await home.shoot('import-talk');
  expect(await home.violations({ isEnhanced: true })).toEqual([]);
  await home.button(talk.one).click();
  await page.getByRole('heading', { name: talk.title }).waitFor({ state: 'detached' });
  await home.close();
  await service.stop();
});
