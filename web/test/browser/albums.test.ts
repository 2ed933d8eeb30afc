// What is done with a call besides keeping it: albums, photos of who speaks, stopping, taking along, sharing.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { timeCode } from '../../src/words/dates';
import { later } from '../../src/words/later';
import { nl } from '../../src/words/nl';
import { enter } from './pages/enter';
import { launch } from './pages/window';

const { albums, photo, download, share } = later.nl;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

test('an album is made, filled from a call, looked at, changed and removed', async () => {
  const { fake, window, page, leave, call } = await enter(browser, 'full', '/albums');
  await window.button(albums.add).click();
  await window.field(albums.name).fill('Oma vertelt');
  await page.getByText('Sanne', { exact: true }).click();
  await window.button(nl.common.save).click();
  await page.getByRole('link', { name: /Oma vertelt/ }).waitFor();
  const made = fake.house.albums[0]!;
  expect(made).toMatchObject({ kind: 'album', members: ['a2'] });

  // What is kept for another reason says why it cannot be put in, and how it could.
  const put = call();
  put.purpose = 'agreement';
  await page.goto(`/gesprek/${put.id}`);
  const section = page.locator('.albums-of');
  await section.getByText(albums.wants.album).waitFor();
  await section.getByText(albums.changePurpose).waitFor();
  expect(await section.getByText('Oma vertelt').count()).toBe(0);
  await window.button(new RegExp(`${nl.call.purpose}$`)).click();
  await page.getByRole('option', { name: nl.purposes.memory }).click();
  await section.getByText('Oma vertelt').click();
  await page.getByText(albums.added('Oma vertelt')).waitFor();
  expect([...made.inside]).toEqual([put.id]);
  await page.goto(`/?album=${made.id}`);
  await window.button(nl.calls.removeFilter('Oma vertelt')).waitFor();
  await page.getByText(nl.calls.total('1', true)).waitFor();

  await page.goto(`/albums/${made.id}`);
  await window.firstCall(/./).waitFor();
  await window.button(nl.common.edit).click();
  await window.field(albums.name).fill('Oma vertelt over vroeger');
  await window.button(nl.common.save).click();
  await window.heading('Oma vertelt over vroeger').waitFor();
  await window.button(albums.remove).click();
  await page.getByRole('dialog').getByRole('button', { name: albums.remove }).click();
  await window.heading(albums.title).waitFor();
  expect(fake.house.albums).toHaveLength(0);
  await leave();
});

test('in the calm face albums are found before there is one: where calls are kept, in the settings, at a call', async () => {
  const { window, page, leave, call } = await enter(browser, 'calm', '/bewaard');
  await page.getByRole('link', { name: albums.title, exact: true }).click();
  await window.heading(albums.title).waitFor();
  await page.goto('/instellingen');
  await page.getByRole('link', { name: albums.title, exact: true }).click();
  await window.heading(albums.title).waitFor();
  await window.button(albums.add).waitFor();
  for (const [purpose, saysWhy] of [
    ['memory', 0],
    ['wording', 1],
  ] as const) {
    call().purpose = purpose;
    await page.goto(`/gesprek/${call().id}`);
    await page.locator('.albums-of').getByText(albums.none).waitFor();
    expect(await page.getByText(albums.wants.album).count()).toBe(saysWhy);
  }
  await page.locator('.albums-of').getByRole('link', { name: albums.title }).click();
  await window.heading(albums.title).waitFor();
  await leave();
});

test('in the calm face what is kept shows albums, too', async () => {
  const { fake, window, page, leave, call } = await enter(browser, 'calm');
  fake.house.addAlbum('a1', 'Oma vertelt', 'album', [call().id]);
  await page.goto('/bewaard');
  await page.getByRole('link', { name: /Oma vertelt/ }).click();
  await window.heading('Oma vertelt').waitFor();
  await window.firstCall(/./).waitFor();
  await leave();
});

test('a photo is made small, kept by Save alone, shown wherever the person is, and taken away', async () => {
  const { fake, window, page, leave } = await enter(browser, 'full', '/mensen/p1');
  const png = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1600, height: 1200 });
    const paper = canvas.getContext('2d')!;
    paper.fillStyle = '#a05';
    paper.fillRect(0, 0, 1600, 1200);
    return canvas.toDataURL('image/png').split(',')[1]!;
  });
  await window.button(nl.common.edit).click();
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/png', buffer });
  const choose = async (chosen: ReturnType<typeof file>, label: string) => {
    const opening = page.waitForEvent('filechooser');
    await window.button(label).click();
    await (await opening).setFiles(chosen);
  };
  await choose(file('kapot.png', Buffer.from('dit is geen foto')), photo.choose);
  await page.getByText(photo.unreadable).waitFor();
  await choose(file('oma.png', Buffer.from(png, 'base64')), photo.choose);
  await page.getByText(photo.chosen).waitFor();
  await page.locator('.photo-field img').waitFor();
  // What was chosen is not kept when it is cancelled.
  await window.button(nl.common.cancel).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(fake.house.photos.size).toBe(0);
  await window.button(nl.common.edit).click();
  await choose(file('oma.png', Buffer.from(png, 'base64')), photo.choose);
  await page.getByText(photo.chosen).waitFor();
  await window.button(nl.common.save).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const kept = fake.house.photos.get('p1')!;
  expect(kept.type).toBe('image/jpeg');
  expect(kept.bytes.length).toBeLessThan(100_000);
  await page.goto('/?q=oma');
  const face = page.locator('.call-who .face img').first();
  await face.waitFor();
  expect(await face.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBe(512);
  await page.goto('/mensen/p1');
  await window.button(nl.common.edit).click();
  await window.button(photo.remove).click();
  await page.getByText(photo.goes).waitFor();
  expect(fake.house.photos.size).toBe(1);
  await window.button(nl.common.save).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(fake.house.photos.size).toBe(0);

  // A new person has one from the start; when it is refused, a second try adds nobody twice.
  await page.goto('/mensen');
  await window.button(nl.people.add).click();
  await window.field(nl.people.name).fill('Bram');
  await choose(file('bram.png', Buffer.from(png, 'base64')), photo.choose);
  await page.getByText(photo.chosen).waitFor();
  await page.route('**/photo', (route) => route.fulfill({ status: 409, body: '' }), { times: 1 });
  await window.button(nl.common.save).click();
  await page.getByText(nl.trouble.notSaved).waitFor();
  await window.button(nl.common.save).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const added = fake.house.people.filter((person) => person.name === 'Bram');
  expect(added).toHaveLength(1);
  expect(fake.house.photos.has(added[0]!.id)).toBe(true);
  await leave();
});

test('Stop stays where it stopped, so that a note lands there; going on winds back a little, and says so', async () => {
  const { window, page, leave, call } = await enter(browser, 'calm');
  await page.goto(`/gesprek/${call().id}?t=6`);
  await window.button(nl.calm.goOn('0:06')).click();
  await window.waitForSound(10);
  await window.button(nl.call.stop).click();
  const stopped = (await window.sound()).seconds;
  await page.waitForTimeout(300);
  expect((await window.sound()).seconds).toBeCloseTo(stopped, 1);
  expect(stopped).toBeGreaterThan(10);
  await page.locator('textarea').fill('Hier');
  await window.button(nl.call.addNote).click();
  await page.getByRole('button', { name: nl.call.jumpTo(timeCode(stopped * 1000)) }).waitFor();
  const goOn = window.button(new RegExp(`^${nl.calm.goOn('')}`));
  const said = Number(/0:(\d\d)$/.exec((await goOn.getAttribute('aria-label'))!)![1]);
  await goOn.click();
  await expect.poll(async () => (await window.sound()).isPaused).toBe(false);
  expect((await window.sound()).seconds).toBeLessThan(stopped - 1);
  expect((await window.sound()).seconds).toBeGreaterThanOrEqual(said);
  expect((await window.sound()).seconds).toBeLessThan(said + 2);
  await page.getByText(/drukte op 1/).waitFor();
  await leave();
});

test('Opus is offered, and a link made on this machine alone says that it opens nowhere else', async () => {
  const { window, page, leave, call } = await enter(browser, 'full');
  await page.goto(`/gesprek/${call().id}`);
  const loading = page.waitForEvent('download');
  await window.button(nl.call.download).click();
  await page.getByRole('link', { name: new RegExp(`^${download.opus}`) }).click();
  expect((await loading).suggestedFilename()).toMatch(/\.opus$/);
  await window.button(nl.common.close).click();
  await window.button(nl.call.share).click();
  await window.field(nl.share.recipient).fill('Tante Riet');
  await window.button(nl.share.make).click();
  await page.getByText(share.loopback).waitFor();
  await leave();
});
