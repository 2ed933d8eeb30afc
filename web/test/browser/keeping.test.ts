// Letting go of calls and having them back, holding, terms; and many calls at once.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { later } from '../../src/words/later';
import { nl } from '../../src/words/nl';
import { enter } from './pages/enter';
import { launch, openWindow } from './pages/window';

const { keeping, jobs, retention, check } = later.nl;

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

test('a call is removed after a warning, lies in safekeeping, and is had back', async () => {
  const { window, page, leave, call } = await enter(browser, 'full');
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
  const row = page.locator('.call-row', { has: page.locator(`a[href="/gesprek/${removed.id}"]`) });
  expect(await row.innerText()).not.toContain(nl.calls.notYours);
  await page.locator(`a[href="/gesprek/${removed.id}"]`).click();
  await page.getByText(`${keeping.safeNotHeard} ${keeping.haveBackToHear}`).waitFor();
  expect(await page.getByText(nl.call.notHeard).count()).toBe(0);
  await window.button(keeping.restore).click();
  await page.getByText(keeping.restored).waitFor();
  await window.button(keeping.restore).waitFor({ state: 'detached' });
  expect(removed.removed_at).toBeUndefined();
  await leave();
});

test('in the calm face a call is thrown away, and found again where it lies', async () => {
  const { window, page, leave, call } = await enter(browser, 'calm');
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
  await page.getByText(`${keeping.binNotHeard} ${keeping.haveBackToHear}`).waitFor();
  await window.button(keeping.restore).click();
  await page.getByText(keeping.restored).waitFor();
  expect(thrown.removed_at).toBeUndefined();
  await leave();
});

test('letting go and having back goes by keyboard alone', async () => {
  const { window, page, leave, call } = await enter(browser, 'calm');
  const thrown = call();
  await page.goto(`/gesprek/${thrown.id}`);
  await window.button(keeping.throwAway).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  const go = async (name: string) => {
    for (let i = 0; i < 60 && (await focused()) !== name; i++) await page.keyboard.press('Tab');
    expect(await focused()).toBe(name);
    await page.keyboard.press('Enter');
  };
  await go(keeping.throwAway);
  await page.getByRole('dialog').waitFor();
  await go(nl.common.cancel);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(focused).toBe(keeping.throwAway);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await go(keeping.throwAway);
  await page.getByText(keeping.thrown(30)).waitFor();
  await go(keeping.restore);
  await page.getByText(keeping.restored).waitFor();
  expect(thrown.removed_at).toBeUndefined();
  await leave();
});

test('a hold says beforehand that two must release it, and two do', async () => {
  const { fake, window, page, leave, call } = await enter(browser, 'full');
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
  const { fake, window, page, leave } = await enter(browser, 'full', '/bewaartermijnen');
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
  const { fake, page, leave } = await enter(browser, 'full');
  fake.house.may = [];
  await page.goto('/bewaartermijnen');
  await page.getByText(retention.notYours).waitFor();
  expect(await page.locator('.rule').count()).toBe(0);
  await leave();
});

test('many calls are kept and removed as one piece of work, with its progress', async () => {
  const { fake, window, page, leave } = await enter(browser, 'full');
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
  const { window, page, leave } = await enter(browser, 'full');
  await page.route('**/api/v1/events*', (route) => route.fulfill({ status: 404, body: '' }));
  await page.reload();
  await window.firstCall(/./).waitFor();
  for (let i = 0; i < 3; i++) await page.locator('.row-check').nth(i).click();
  await page.getByRole('button', { name: jobs.keep, exact: true }).click();
  await page.getByText(jobs.changed(3)).waitFor();
  await leave();
});

test('the list follows what happens elsewhere', async () => {
  const { fake, window, page, leave } = await enter(browser, 'full');
  await window.firstCall(/./).waitFor();
  await expect.poll(() => fake.house.readers.size).toBe(1);
  const first = fake.house.call(fake.house.calls[0]!.id)!;
  first.tags = ['van elders'];
  fake.house.changed(first);
  await page.locator('.call-tags').getByText('van elders').waitFor();
  await leave();
});

test('the archive is checked, and what is not right is named', async () => {
  const { fake, window, page, leave } = await enter(browser, 'full', '/controle');
  await page.getByText(check.never).waitFor();
  await window.button(check.begin).click();
  await page.getByRole('progressbar').waitFor();
  await page.getByText(check.bad(1)).waitFor();
  await page.getByRole('link', { name: new RegExp(fake.house.calls[3]!.id) }).waitFor();
  await page.reload();
  await page.getByText(check.bad(1)).waitFor();
  await leave();
});
