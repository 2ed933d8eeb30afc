// A first-time user's road through the real thing: naklank serve, its sample call, Chromium, sound.
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nl } from '../../src/words/nl';
import { launch, openWindow } from '../browser/pages/window';
import { serve } from './service';

let browser: Browser;
beforeAll(async () => {
  mkdirSync('build/shots', { recursive: true });
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

test('sets the house up, finds the sample call by name, hears it, notes a second, shares it, opens the link as a stranger, takes it back', async () => {
  const service = await serve('samples/appointment.pcap');
  const home = await openWindow(browser, service.url);
  const { page } = home;
  await page.goto('/');
  await home.shoot('real-before-set-up');
  await home.setUp(await service.code(), {
    forWhom: 'company',
    name: 'Marie',
    password: 'een lang zinnetje',
    numbers: ['+31201234567'],
  });
  await home.heading(nl.calls.title).waitFor();
  await home.shoot('real-calls');

  await home.find('repar');
  await home.firstCall(/Reparatiedienst/).click();
  await home.heading(/Reparatiedienst/).waitFor();
  expect((await home.sound()).isPaused).toBe(true);
  await home.button(/^Luister naar/).click();
  await home.waitForSound(0.5);
  expect(await home.sound()).toMatchObject({ error: null, isPaused: false });
  expect((await home.sound()).duration).toBeCloseTo(14.5, 0);
  await page.keyboard.press('n');
  await page.keyboard.type('Hier komt de afspraak');
  await home.button(nl.call.addNote).click();
  await page.locator('.note-text', { hasText: 'Hier komt de afspraak' }).waitFor();
  await home.button(nl.call.pause).click();
  await home.shoot('real-call');
  expect(await home.violations()).toEqual([]);

  await home.button(nl.call.share).click();
  await home.field(nl.share.recipient).fill('Tante Riet');
  await home.field(nl.share.word).fill('madelief');
  await home.button(nl.share.make).click();
  const address = await home.field(nl.share.address).inputValue();

  const stranger = await openWindow(browser, service.url, { width: 390, height: 800 });
  await stranger.page.goto(new URL(address).pathname);
  await stranger.field(nl.shared.word).fill('roos');
  await stranger.button(nl.shared.open).click();
  await stranger.page.getByText(nl.shared.wordWrong).waitFor();
  await stranger.field(nl.shared.word).fill('madelief');
  await stranger.button(nl.shared.open).click();
  await stranger.heading('Marie deelt een gesprek met u').waitFor();
  await stranger.button(/^Luister naar/).click();
  await stranger.waitForSound();
  await stranger.shoot('real-shared');
  await stranger.button(nl.call.stop).click();

  await home.button(nl.common.close).click();
  await home.button(nl.call.share).click();
  await home.button(nl.share.revokeOf('Tante Riet')).click();
  await page.getByRole('dialog').getByText(nl.share.revoked, { exact: true }).waitFor();
  await stranger.page.reload();
  await stranger.heading(nl.shared.goneTitle).waitFor();
  await home.button(nl.common.close).click();

  await page.goto('/logboek');
  await home.heading(nl.log.title).waitFor();
  await page.getByText('Tante Riet').first().waitFor();
  await home.shoot('real-log');
  expect(await home.violations()).toEqual([]);
  expect(home.complaints).toEqual([]);
  expect(stranger.complaints).toEqual([]);
  await home.close();
  await stranger.close();
  expect(service.said()).not.toContain('afspraak');
  expect(await service.stop()).toBe(0);
});

test('is calm at home: a big button says what will sound, and nothing else does', async () => {
  const service = await serve('samples/appointment.pcap');
  const home = await openWindow(browser, service.url, { width: 768, height: 1024 });
  await home.setUp(await service.code(), { forWhom: 'home', name: 'Oma', password: 'een lang zinnetje', numbers: [] });
  await home.heading(nl.calm.listenTitle).waitFor();
  await home.shoot('real-calm-list');
  expect(await home.violations({ isEnhanced: true })).toEqual([]);
  await home.page
    .getByRole('link', { name: /Reparatiedienst/ })
    .first()
    .click();
  await home.button(/^Luister naar/).waitFor();
  await home.shoot('real-calm-call');
  expect(await home.violations({ isEnhanced: true })).toEqual([]);
  await home.button(/^Luister naar/).click();
  await home.waitForSound(0.3);
  await home.button(nl.call.stop).click();
  expect((await home.sound()).isPaused).toBe(true);
  await home.close();
  expect(await service.stop()).toBe(0);
});
