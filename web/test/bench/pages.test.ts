// How soon a person sees, and hears: the built window, the real service, an archive (ARCHIVE) with many calls in its
// catalogue and one of three hours in its folders. Each is done RUNS times in a window of its own, nothing in a cache.
import { expect, test } from 'vitest';
import { nl } from '../../src/words/nl';
import { launch, openWindow, type Window_ } from '../browser/pages/window';
import { start } from '../real/service';

const runs = Number(process.env['RUNS'] ?? 7);
const archive = process.env['ARCHIVE'] ?? '';
const who = 'Marie';
const password = 'een lang zinnetje';

function tell(what: string, meant: string, values: number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const ms = (at: number) => `${sorted[at]!.toFixed(0).padStart(6)}`;
  console.log(`  ${what.padEnd(52)} ${ms(0)} ${ms(Math.floor(sorted.length / 2))} ${ms(sorted.length - 1)}   ${meant}`);
}

async function frames(window: Window_, count: number) {
  return window.page.evaluate(async (times) => {
    const took: number[] = [];
    let last = performance.now();
    for (let i = 0; i < times; i++) {
      scrollBy(0, 300);
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      took.push(now - last);
      last = now;
    }
    return took.sort((a, b) => a - b);
  }, count);
}

test('the window is soon there, sounds soon, and scrolls smoothly', async () => {
  expect(archive, 'ARCHIVE says where it is; bench/pages-run makes one').not.toBe('');
  const service = await start(archive);
  const browser = await launch();
  const first = await openWindow(browser, service.url);
  await first.setUp(await service.code(), { forWhom: 'company', name: who, password, numbers: ['+31201000000'] });
  await first.heading(nl.calls.title).waitFor();
  const session = (await first.context.cookies()).find(({ name }) => name === 'naklank')!.value;
  console.log(`\n  ${'milliseconds'.padEnd(52)} ${'least'.padStart(6)} ${'middle'.padStart(6)} ${'most'.padStart(6)}`);

  const usable: number[] = [];
  for (let i = 0; i < runs; i++) {
    const home = await openWindow(browser, service.url);
    await home.isKnown(session, service.url);
    const asked = performance.now();
    await home.page.goto('/', { waitUntil: 'commit' });
    await home.firstCall(/./).waitFor();
    usable.push(performance.now() - asked);
    await home.close();
  }
  tell('start page asked for, first call in sight', '< 1000', usable);

  const long = await first.page.evaluate(async () => {
    const found = await fetch('/api/v1/calls?min_ms=10000000');
    const { calls } = (await found.json()) as { calls: { id: string }[] };
    return `/gesprek/${calls[0]!.id}`;
  });
  const sounds: number[] = [];
  const leaps: number[] = [];
  for (let i = 0; i < runs; i++) {
    const home = await openWindow(browser, service.url);
    await home.isKnown(session, service.url);
    await home.page.goto(long);
    await home.button(/^Luister naar/).waitFor();
    await home.page.locator('canvas').first().waitFor();
    const measured = async (act: () => Promise<void>) => {
      await home.page.evaluate(() => {
        performance.clearMeasures();
        for (const kind of ['keydown', 'pointerdown'])
          document.addEventListener(kind, () => performance.mark('asked'), { once: true, capture: true });
        const audio = document.querySelector('audio')!;
        const heard = () => {
          if (audio.paused || audio.seeking) return;
          audio.removeEventListener('timeupdate', heard);
          audio.removeEventListener('playing', heard);
          performance.measure('took', 'asked');
        };
        audio.addEventListener('playing', heard);
        audio.addEventListener('timeupdate', heard);
      });
      await act();
      await home.page.waitForFunction(() => performance.getEntriesByName('took').length > 0);
      return home.page.evaluate(() => performance.getEntriesByName('took')[0]!.duration);
    };
    sounds.push(await measured(() => home.page.keyboard.press(' ')));
    await home.waitForSound();
    const box = (await home.page.locator('.timeline').boundingBox())!;
    leaps.push(await measured(() => home.page.mouse.click(box.x + box.width * 0.7, box.y + 20)));
    await home.close();
  }
  tell('a call of three hours: Listen pressed, it sounds', '< 300', sounds);
  tell('the same: a leap to its middle, it sounds', '', leaps);

  await first.page.goto('/');
  await first.firstCall(/./).waitFor();
  const took = await frames(first, 300);
  tell('100,000 calls scroll: a frame (of 300; middle and most)', '16.7 is every one', [
    took[0]!,
    took[150]!,
    took[Math.floor(took.length * 0.99)]!,
  ]);
  await browser.close();
  await service.stop();
  expect(usable.length + sounds.length).toBe(2 * runs);
});
