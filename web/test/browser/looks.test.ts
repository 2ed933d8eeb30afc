// Every page in both faces, both languages, light and dark, at three widths: axe-core finds nothing, and a picture of
// each is left in build/shots/ for people to look at. SHOTS narrows which (a part of the name).
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogues } from '../../src/words/catalogues';
import { later } from '../../src/words/later';
import { startFake } from './fake/server';
import { shots, showCodes } from './pages/shots';
import { launch, openWindow, type Window_ } from './pages/window';

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
      for (const shot of shots(fake, face, language)) {
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
      await window.page.goto('/beveiliging');
      await showCodes(window, later[language]);
      found.push(...(await look(window, `${name}-security-codes`, face === 'calm')));
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
      fake.house.accounts[0]!.has_authenticator = true;
      await window.field(words.door.password).fill(password);
      await window.button(words.door.signIn).click();
      await window.page.getByText(later[language].security.codeWanted).waitFor();
      found.push(...(await look(window, `${name}-sign-in-code`, true)));
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
