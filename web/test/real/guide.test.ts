// The pictures of docs/guide, made of the real thing. With GUIDE=1 they are put there anew; without, those that lie there
// must look like the window does now.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, openWindow, type Window_ } from '../browser/pages/window';
import { serve } from './service';

const kept = resolve(import.meta.dirname, '../../../docs/guide/pictures');
const largestDifference = 0.04; // of black to white, in the mean: fonts differ a little, pages do not

let browser: Browser;
beforeAll(async () => {
  mkdirSync('build/shots', { recursive: true });
  mkdirSync(kept, { recursive: true });
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

const asUrl = (path: string) => `data:image/png;base64,${readFileSync(path).toString('base64')}`;

// How far two pictures are apart, as small grey ones: 0 to 1; 1 when their sizes differ much.
async function difference(one: string, other: string): Promise<number> {
  const page = await browser.newPage();
  const apart = await page.evaluate(
    async ([first, second]) => {
      const greys = async (url: string) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [160, 120];
        const context = canvas.getContext('2d')!;
        context.drawImage(image, 0, 0, 160, 120);
        const { data } = context.getImageData(0, 0, 160, 120);
        const grey = Array.from(
          { length: 160 * 120 },
          (_, i) => (data[4 * i]! + data[4 * i + 1]! + data[4 * i + 2]!) / 765,
        );
        return { grey, ratio: image.width / image.height };
      };
      const [a, b] = [await greys(first!), await greys(second!)];
      if (Math.abs(a.ratio - b.ratio) > 0.15 * a.ratio) return 1;
      return a.grey.reduce((sum, value, i) => sum + Math.abs(value - b.grey[i]!), 0) / a.grey.length;
    },
    [asUrl(one), asUrl(other)],
  );
  await page.close();
  return apart;
}

async function picture(home: Window_, name: string) {
  await home.page.mouse.move(0, 0);
  await home.shoot(`guide-${name}`, false);
  const made = join('build/shots', `guide-${name}.png`);
  const there = join(kept, `${name}.png`);
  if (process.env['GUIDE']) {
    copyFileSync(made, there);
    return;
  }
  expect(existsSync(there), `${there} is missing: GUIDE=1 make pages-test makes it`).toBe(true);
  expect(
    await difference(made, there),
    `docs/guide shows ${name} as it was: GUIDE=1 make pages-test makes it anew`,
  ).toBeLessThan(largestDifference);
}

for (const language of ['nl', 'en'] as const)
  test(`shows the window in ${language}`, async () => {
    const service = await serve('samples/appointment.pcap');
    const home = await openWindow(browser, service.url, { width: 1000, height: 750, language });
    const { words, page } = home;
    await page.goto(`/opzetten?code=${await service.code()}`);
    await home.heading(words.setUp.title).waitFor();
    await picture(home, `${language}-set-up`);
    await home.setUp(await service.code(), {
      forWhom: 'home',
      name: 'Marie',
      password: 'een lang zinnetje',
      numbers: [],
    });
    await home.heading(words.calm.listenTitle).waitFor();
    await picture(home, `${language}-calm-list`);
    await page
      .getByRole('link', { name: /Reparatiedienst/ })
      .first()
      .click();
    await home.heading(/Reparatiedienst/).waitFor();
    await picture(home, `${language}-calm-call`);
    const call = page.url();
    await page.request.patch('/api/v1/me', { data: { face: 'full' }, headers: { 'X-Naklank-Window': '1' } });
    await page.goto(call);
    await home.button(words.call.share).waitFor();
    await picture(home, `${language}-call`);
    await home.button(words.call.share).click();
    await home.field(words.share.recipient).waitFor();
    await picture(home, `${language}-share`);
    await page.goto('/bewaartermijnen');
    await home.heading(/./).waitFor();
    await page.getByRole('main').getByRole('button').first().waitFor();
    await picture(home, `${language}-rules`);
    expect(home.complaints).toEqual([]);
    await home.close();
    expect(await service.stop()).toBe(0);
  });
