// A browser with the window in it, and the pages as a person finds them: by the words on them. Against the fake server
// or the real one, the same.
import axeCore from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { en } from '../../../src/words/en';
import { nl } from '../../../src/words/nl';
import type { Words } from '../../../src/words/nl';

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--autoplay-policy=user-gesture-required', '--disable-dev-shm-usage'],
  });

export interface Look {
  width?: number;
  height?: number;
  dark?: boolean;
  language?: 'nl' | 'en';
  worker?: boolean;
}

export async function openWindow(browser: Browser, url: string, look: Look = {}): Promise<Window_> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: look.width ?? 1280, height: look.height ?? 900 },
    colorScheme: look.dark ? 'dark' : 'light',
    locale: look.language === 'en' ? 'en-GB' : 'nl-NL',
    timezoneId: 'Europe/Amsterdam',
    serviceWorkers: look.worker ? 'allow' : 'block',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  return new Window_(context, page, look.language === 'en' ? en : nl);
}

export class Window_ {
  // What the browser complained of: a broken policy, a script's error, a request to elsewhere.
  readonly complaints: string[] = [];

  constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly words: Words = nl,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 40[134]|status of 422|status of 409/.test(message.text()))
        this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('request', (request) => {
      const url = request.url().replace(/^blob:/, ''); // what a page made itself
      if (!url.startsWith(new URL(page.url() === 'about:blank' ? url : page.url()).origin))
        this.complaints.push(`elsewhere: ${request.url()}`);
    });
  }

  heading(name: string | RegExp) {
    return this.page.getByRole('heading', { level: 1, name });
  }
  button(name: string | RegExp) {
    return this.page.getByRole('button', { name });
  }
  field(name: string | RegExp) {
    return this.page.getByLabel(name, { exact: typeof name === 'string' });
  }

  async setUp(
    code: string,
    answers: { forWhom: 'home' | 'company'; name: string; password: string; numbers: string[] },
  ) {
    const { setUp, door } = this.words;
    await this.page.goto(`/opzetten?code=${code}`);
    await this.page.getByText(answers.forWhom === 'home' ? setUp.home : setUp.company, { exact: true }).click();
    await this.field(setUp.name).fill(answers.name);
    await this.field(door.password).fill(answers.password);
    await this.field(setUp.numbers).fill(answers.numbers.join('\n'));
    await this.button(setUp.finish).click();
  }

  async signIn(name: string, password: string, at = '/') {
    await this.page.goto(at);
    await this.field(this.words.door.name).fill(name);
    await this.field(this.words.door.password).fill(password);
    await this.page.getByRole('button', { name: this.words.door.signIn, exact: true }).click();
    await this.page.getByRole('navigation').waitFor();
  }

  // As somebody who signed in here before.
  async isKnown(session: string, url: string) {
    await this.context.addCookies([{ name: 'naklank', value: session, url }]);
    await this.context.addInitScript(() => localStorage.setItem('naklank.was-here', '1'));
  }

  async find(text: string) {
    await this.page.getByRole('searchbox').fill(text);
    await this.page.waitForURL((url) => url.searchParams.get('q') === text);
  }

  firstCall(name: string | RegExp) {
    return this.page.locator('.calls').getByRole('link', { name }).first();
  }

  // The audio element's own words on what it does.
  sound() {
    return this.page.locator('audio').evaluate((audio: HTMLAudioElement) => ({
      seconds: audio.currentTime,
      isPaused: audio.paused,
      error: audio.error?.message ?? null,
      duration: audio.duration,
      rate: audio.playbackRate,
    }));
  }

  async waitForSound(fromSeconds = 0.2) {
    await this.page.waitForFunction(
      (least) => (document.querySelector('audio')?.currentTime ?? 0) > least,
      fromSeconds,
    );
  }

  // What is announced to screen readers stays for some seconds after what it spoke of is gone; it is not looked at.
  async violations(options: { isEnhanced?: boolean } = {}): Promise<string[]> {
    if (!(await this.page.evaluate(() => 'axe' in window))) await this.page.evaluate(axeCore.source);
    return this.page.evaluate(async (isEnhanced) => {
      const { axe } = window as unknown as { axe: typeof axeCore };
      const rules = { 'target-size': { enabled: true }, 'color-contrast-enhanced': { enabled: isEnhanced } };
      const result = await axe.run(
        { include: [['html']], exclude: [['[data-live-announcer]']] },
        { rules, resultTypes: ['violations'] },
      );
      return result.violations.flatMap((violation) =>
        violation.nodes.map(
          (node) =>
            `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n').slice(1, 3).join(' ') ?? ''}`,
        ),
      );
    }, options.isEnhanced ?? false);
  }

  async shoot(name: string, fullPage = true) {
    await this.page.screenshot({ path: `build/shots/${name}.png`, fullPage });
  }

  close() {
    return this.context.close();
  }
}
