// A house with somebody inside, at a page; leaving it fails when the browser or the contract was complained of.
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { startFake } from '../fake/server';
import { openWindow } from './window';

export async function enter(browser: Browser, face: 'calm' | 'full', at = '/') {
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
