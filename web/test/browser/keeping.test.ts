// Letting go of calls and having them back, holding, terms, albums, photos; and many calls at once.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { later } from '../../src/words/later';
import { nl } from '../../src/words/nl';
import { startFake } from './fake/server';
import { launch, openWindow } from './pages/window';

const { keeping, jobs, retention, albums, photo, check, download, share } = later.nl;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

async function enter(face: 'calm' | 'full', at = '/') {
  const fake = await startFake({ account: { face } });
  const window = await openWindow(browser, fake.url);
  await window.isKnown(fake.house.signIn(fake.house.accounts[0]!), fake.url);
  await window.page.goto(at);
  await window.page.getByRole('navigation').waitFor();
  const leave = async () => {
    expect(window.complaints).toEqual([]);
    await window.close();
    await fake.stop();
  };
  const call = () => fake.house.call(fake.house.calls.find((c) => c.answered && !c.is_kept)!.id)!;
  return { fake, window, page: window.page, leave, call };
}

test('a call is removed after a warning, lies in safekeeping, and is had back', async () => {
  const { window, page, leave, call } = await enter('full');
  const removed = call();
  await page.goto(`/gesprek/${removed.id}`);
  await window.button(keeping.remove).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(keeping.removeHint(30)).waitFor();
  await window.button(nl.common.cancel).click();
  expect(removed.removed_at).toBeUndefined();
  await window.button(keeping.remove).click();
  await dialog.getByRole('button', { name: keeping.remove }).click();
  await page.getByText(keeping.removed(30)).waitFor();
  await window.button(keeping.restore).waitFor();
  expect(removed.removed_at).toBeDefined();

  await page.goto('/');
  await window.firstCall(/./).waitFor();
  expect(await page.locator(`a[href="/gesprek/${removed.id}"]`).count()).toBe(0);
  await page.goto('/in-bewaring');
  await page.locator(`a[href="/gesprek/${removed.id}"]`).click();
  await window.button(keeping.restore).click();
  await page.getByText(keeping.restored).waitFor();
  await window.button(keeping.restore).waitFor({ state: 'detached' });
  expect(removed.removed_at).toBeUndefined();
  await leave();
});

test('in the calm face a call is thrown away, and found again where it lies', async () => {
  const { window, page, leave, call } = await enter('calm');
  const thrown = call();
  await page.goto(`/gesprek/${thrown.id}`);
  await window.button(keeping.throwAway).click();
  await page.getByRole('dialog').getByText(keeping.throwHint(30)).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: keeping.throwAway }).click();
  await page.getByText(keeping.thrown(30)).waitFor();
  await page.getByRole('link', { name: nl.nav.kept, exact: true }).click();
  await page.getByRole('link', { name: keeping.bin }).click();
  await window.heading(keeping.binTitle).waitFor();
  await page.locator(`a[href="/gesprek/${thrown.id}"]`).click();
  await window.button(keeping.restore).click();
  await page.getByText(keeping.restored).waitFor();
  expect(thrown.removed_at).toBeUndefined();
  await leave();
});

test('a hold says beforehand that two must release it, and two do', async () => {
  const { fake, window, page, leave, call } = await enter('full');
  const held = call();
  await page.goto(`/gesprek/${held.id}`);
  await window.button(keeping.hold).click();
  await page.getByText(keeping.holdHint).waitFor();
  await window.field(keeping.reason).fill('Zaak 2026-14');
  await page.getByRole('dialog').getByRole('button', { name: keeping.hold }).click();
  await page.getByText('Zaak 2026-14').waitFor();
  expect(await window.button(keeping.remove).count()).toBe(0);
  await page.goto('/?only=held');
  await page.locator('.call-tags').getByText(nl.calls.held).waitFor();
  await page.goto(`/gesprek/${held.id}`);
  await window.button(keeping.release).click();
  await page.getByText(keeping.nobodySaid).waitFor();
  await window.button(keeping.releaseSay).click();
  await page.getByText(keeping.releaseNoted).waitFor();
  await window.button(keeping.release).click();
  await page.getByText(keeping.youSaid).waitFor();
  expect(await window.button(keeping.releaseSay).count()).toBe(0);

  const other = await openWindow(browser, fake.url);
  await other.isKnown(fake.house.signIn(fake.house.accounts[1]!), fake.url);
  await other.page.goto(`/gesprek/${held.id}`);
  await other.button(keeping.release).click();
  await other.page.getByRole('dialog').getByText(keeping.said('Marie')).waitFor();
  await other.button(keeping.releaseSay).click();
  await other.page.getByText(keeping.released).waitFor();
  expect(held.is_held).toBe(false);
  await other.close();
  await leave();
});

test('terms are changed, refused where they are wrong, and what they let go of is announced', async () => {
  const { fake, window, page, leave } = await enter('full', '/bewaartermijnen');
  await page.getByText(retention.after(60)).waitFor();
  await window.button(retention.add).click();
  const rule = page.locator('.rule').last();
  await rule.getByLabel(retention.days).fill('niet');
  await window.button(retention.save).click();
  await page.getByText(retention.daysWrong).waitFor();
  // What was typed outlives a page loaded anew.
  await rule.getByLabel(retention.days).fill('20');
  await page.reload();
  await page.getByText(retention.shorter).waitFor();
  expect(await page.locator('.rule').last().getByLabel(retention.days).inputValue()).toBe('20');
  await window.button(retention.save).click();
  await page.getByText(retention.saved).waitFor();
  expect(fake.house.rules.at(-1)).toEqual({ purpose: 'wording', days: 20 });
  await page.getByRole('link', { name: /aangekondigd/ }).click();
  await page.waitForURL(/only=going/);
  await page
    .locator('.call-side')
    .getByText(/naar de bewaarplaats/)
    .first()
    .waitFor();
  await leave();
});

test('who may not change the terms reads them', async () => {
  const { fake, page, leave } = await enter('full');
  fake.house.may = [];
  await page.goto('/bewaartermijnen');
  await page.getByText(retention.notYours).waitFor();
  expect(await page.locator('.rule').count()).toBe(0);
  await leave();
});

test('many calls are kept and removed as one piece of work, with its progress', async () => {
  const { fake, window, page, leave } = await enter('full');
  await window.firstCall(/./).waitFor();
  for (let i = 0; i < 8; i++) await page.locator('.row-check').nth(i).click();
  await page.getByRole('button', { name: jobs.keep, exact: true }).click();
  await page.getByText(jobs.changed(8)).waitFor();
  expect(fake.house.calls.slice(0, 8).every((call) => call.is_kept)).toBe(true);
  expect(fake.house.jobs).toHaveLength(1);
  expect(await page.locator('.bulk').count()).toBe(0);

  // Two of the next are kept and therefore refused: they stay chosen.
  for (const i of [6, 7, 8, 9]) await page.locator('.row-check').nth(i).click();
  const kept = fake.house.calls.slice(6, 10).filter((call) => call.is_kept).length;
  await window.button(jobs.remove).click();
  await page.getByRole('dialog').getByText(keeping.removeHint(30)).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: jobs.remove }).click();
  await page.getByText(nl.calls.tagFailed(kept)).waitFor();
  await expect.poll(() => page.locator('.row-check:checked').count()).toBe(kept);

  await page.goto('/in-bewaring');
  await page.locator('.row-check').first().click();
  await window.button(jobs.restore).click();
  await page.getByText(jobs.restored(1)).waitFor();
  await leave();
});

test('without events the work is asked after', async () => {
  const { window, page, leave } = await enter('full');
  await page.route('**/api/v1/events*', (route) => route.fulfill({ status: 404, body: '' }));
  await page.reload();
  await window.firstCall(/./).waitFor();
  for (let i = 0; i < 3; i++) await page.locator('.row-check').nth(i).click();
  await page.getByRole('button', { name: jobs.keep, exact: true }).click();
  await page.getByText(jobs.changed(3)).waitFor();
  await leave();
});

test('the list follows what happens elsewhere', async () => {
  const { fake, window, page, leave } = await enter('full');
  await window.firstCall(/./).waitFor();
  await expect.poll(() => fake.house.readers.size).toBe(1);
  const first = fake.house.call(fake.house.calls[0]!.id)!;
  first.tags = ['van elders'];
  fake.house.changed(first);
  await page.locator('.call-tags').getByText('van elders').waitFor();
  await leave();
});

test('the archive is checked, and what is not right is named', async () => {
  const { fake, window, page, leave } = await enter('full', '/controle');
  await page.getByText(check.never).waitFor();
  await window.button(check.begin).click();
  await page.getByRole('progressbar').waitFor();
  await page.getByText(check.bad(1)).waitFor();
  await page.getByRole('link', { name: new RegExp(fake.house.calls[3]!.id) }).waitFor();
  await page.reload();
  await page.getByText(check.bad(1)).waitFor();
  await leave();
});

test('an album is made, filled from a call, looked at, changed and removed', async () => {
  const { fake, window, page, leave, call } = await enter('full', '/albums');
  await window.button(albums.add).click();
  await window.field(albums.name).fill('Oma vertelt');
  await page.getByText('Sanne', { exact: true }).click();
  await window.button(nl.common.save).click();
  await page.getByRole('link', { name: /Oma vertelt/ }).waitFor();
  const made = fake.house.albums[0]!;
  expect(made).toMatchObject({ kind: 'album', members: ['a2'] });

  const put = call();
  await page.goto(`/gesprek/${put.id}`);
  await page.locator('.albums-of').getByText('Oma vertelt').click();
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

test('in the calm face what is kept shows albums, too', async () => {
  const { fake, window, page, leave, call } = await enter('calm');
  fake.house.addAlbum('a1', 'Oma vertelt', 'album', [call().id]);
  await page.goto('/bewaard');
  await page.getByRole('link', { name: /Oma vertelt/ }).click();
  await window.heading('Oma vertelt').waitFor();
  await window.firstCall(/./).waitFor();
  await leave();
});

test('a photo is made small, shown wherever the person is, and taken away', async () => {
  const { fake, window, page, leave } = await enter('full', '/mensen/p1');
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
  await page.getByText(photo.saved).waitFor();
  const kept = fake.house.photos.get('p1')!;
  expect(kept.type).toBe('image/jpeg');
  expect(kept.bytes.length).toBeLessThan(100_000);
  await window.button(nl.common.save).click();
  await page.goto('/?q=oma');
  const face = page.locator('.call-who .face img').first();
  await face.waitFor();
  expect(await face.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBe(512);
  await page.goto('/mensen/p1');
  await window.button(nl.common.edit).click();
  await window.button(photo.remove).click();
  await page.getByText(photo.removed).waitFor();
  expect(fake.house.photos.size).toBe(0);
  await leave();
});

test('Stop stays where it stopped, so that a note lands there; going on winds back a little', async () => {
  const { window, page, leave, call } = await enter('calm');
  await page.goto(`/gesprek/${call().id}?t=6`);
  await window.button(/^Luister naar/).click();
  await window.waitForSound(7);
  await window.button(nl.call.stop).click();
  const stopped = (await window.sound()).seconds;
  await page.waitForTimeout(300);
  expect((await window.sound()).seconds).toBeCloseTo(stopped, 1);
  expect(stopped).toBeGreaterThan(7);
  await page.locator('textarea').fill('Hier');
  await window.button(nl.call.addNote).click();
  await page.getByRole('button', { name: nl.call.jumpTo(`0:0${Math.floor(stopped)}`) }).waitFor();
  await window.button(/^Luister naar/).click();
  await expect.poll(async () => (await window.sound()).isPaused).toBe(false);
  expect((await window.sound()).seconds).toBeLessThan(stopped - 1);
  await page.getByText(/drukte op 1/).waitFor();
  await leave();
});

test('Opus is offered, and a link made on this machine alone says that it opens nowhere else', async () => {
  const { window, page, leave, call } = await enter('full');
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
