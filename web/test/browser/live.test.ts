// Calls that run now: they come and go by themselves, and are listened in on; and that is said.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { later } from '../../src/words/later';
import { nl } from '../../src/words/nl';
import { addLive, setLive } from './fake/rooms/live';
import { startFake } from './fake/server';
import { launch, openWindow } from './pages/window';

const { live } = later.nl;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

async function enter(face: 'calm' | 'full', at: string) {
  const fake = await startFake({ account: { face } });
  const window = await openWindow(browser, fake.url);
  await window.isKnown(fake.house.signIn(fake.house.accounts[0]!), fake.url);
  // What is given to the loudspeakers: when each piece is to begin, and how far ahead that is.
  await window.page.addInitScript(() => {
    const played: { ahead: number; loudest: number }[] = [];
    Object.assign(window, { played });
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (when = 0) {
      const loudest = this.buffer!.getChannelData(0).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      played.push({ ahead: when - this.context.currentTime, loudest });
      start.call(this, when);
    };
  });
  await window.page.goto(at);
  await window.page.getByRole('navigation').waitFor();
  const leave = async () => {
    expect(window.complaints).toEqual([]);
    await window.close();
    await fake.stop();
  };
  return { fake, window, page: window.page, leave };
}

test('a call appears, its voices move, it is listened in on, and it goes', async () => {
  const { fake, window, page, leave } = await enter('full', '/nu');
  await page.getByRole('heading', { name: live.none }).waitFor();
  const call = addLive(fake.house);
  await page.getByRole('heading', { name: call.parties[0]!.name }).waitFor();
  await page.getByRole('navigation').getByText('1').waitFor();
  await page.locator('.meter').nth(1).waitFor();
  const width = () =>
    page.locator('.meter-fill').evaluateAll((fills) => fills.map((fill) => (fill as HTMLElement).style.width).join());
  const before = await width();
  await expect.poll(width).not.toBe(before);
  expect(fake.house.listeners).toBe(0);

  await page.getByText(live.writtenDown).waitFor();
  await window.button(live.listen(call.parties[0]!.name)).click();
  await page.getByText(live.isWrittenDown).waitFor();
  expect(fake.house.listeners).toBe(1);
  await page.waitForTimeout(1500);
  const played = await page.evaluate(
    () => (window as unknown as { played: { ahead: number; loudest: number }[] }).played,
  );
  expect(played.length).toBeGreaterThan(8);
  expect(Math.max(...played.map(({ ahead }) => ahead))).toBeLessThan(0.9);
  expect(Math.max(...played.map(({ loudest }) => loudest))).toBeGreaterThan(0.01);
  await window.button(live.stop).click();
  await expect.poll(() => fake.house.listeners).toBe(0);

  await window.button(live.listen(call.parties[0]!.name)).click();
  await page.getByText(live.isWrittenDown).waitFor();
  setLive(fake.house, []);
  await page.getByText(live.over).waitFor();
  expect(fake.house.listeners).toBe(0);
  await leave();
});

test('a paused recording says so, and who may not listen has no button', async () => {
  const { fake, page, leave } = await enter('full', '/nu');
  addLive(fake.house, { is_paused: true, may_listen: false });
  await page.getByText(live.paused).waitFor();
  await page.getByText(live.mayNot).waitFor();
  expect(await page.locator('.live-listen').count()).toBe(0);
  await leave();
});

test('sound that does not come is said, and can be asked for again', async () => {
  const { fake, window, page, leave } = await enter('full', '/nu');
  const call = addLive(fake.house);
  await page.route('**/api/v1/live/*/audio', (route) => route.fulfill({ status: 404, body: '' }));
  await window.button(live.listen(call.parties[0]!.name)).click();
  await page.getByText(live.failed).waitFor();
  await page.unroute('**/api/v1/live/*/audio');
  await window.button(live.listen(call.parties[0]!.name)).click();
  await page.getByText(live.isWrittenDown).waitFor();
  await page.getByRole('link', { name: nl.nav.people, exact: true }).click();
  await expect.poll(() => fake.house.listeners).toBe(0);
  await leave();
});

test('in the calm face there is a way to it only while somebody calls, and nothing moves', async () => {
  const { fake, window, page, leave } = await enter('calm', '/');
  await window.firstCall(/./).waitFor();
  const way = page.getByRole('link', { name: nl.nav.live, exact: true });
  expect(await way.count()).toBe(0);
  const call = addLive(fake.house);
  await way.click();
  await window.button(live.listen(call.parties[0]!.name)).waitFor();
  expect([...fake.house.readers].some((reader) => reader.wantsLevels)).toBe(false);
  expect(await page.locator('.meter').count()).toBe(0);
  setLive(fake.house, []);
  await way.waitFor({ state: 'detached' });
  await leave();
});

test('what is told is followed again after the connection was lost, and a session that ends asks to sign in', async () => {
  const { fake, page, leave } = await enter('full', '/nu');
  await expect.poll(() => fake.house.readers.size).toBe(1);
  for (const reader of fake.house.readers) reader.response.end();
  await expect.poll(() => fake.house.readers.size, { timeout: 10_000 }).toBe(1);
  addLive(fake.house);
  await page.locator('.live-call').waitFor();
  fake.house.endSessions();
  fake.house.tell('bye', {});
  await page.getByRole('heading', { name: nl.door.lostTitle }).waitFor();
  await leave();
});
