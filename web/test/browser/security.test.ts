// Second factors, passkeys, access keys and webhooks; and what is asked of the server before anybody is known.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { later } from '../../src/words/later';
import { nl } from '../../src/words/nl';
import { codeOf } from './fake/rooms/security';
import { startFake } from './fake/server';
import { launch, openWindow } from './pages/window';

const { security, programs } = later.nl;
const password = 'een lang zinnetje';
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

async function enter(at: string, host = '127.0.0.1') {
  const fake = await startFake({ account: { face: 'full' } });
  const url = fake.url.replace('127.0.0.1', host);
  const window = await openWindow(browser, url);
  await window.isKnown(fake.house.signIn(fake.house.accounts[0]!), url);
  await window.page.goto(at);
  await window.page.getByRole('navigation').waitFor();
  const leave = async () => {
    expect(window.complaints).toEqual([]);
    await window.close();
    await fake.stop();
  };
  return { fake, window, page: window.page, leave };
}

test('nobody is asked who they are before there is a reason', async () => {
  const fake = await startFake();
  const window = await openWindow(browser, fake.url);
  const asked: string[] = [];
  window.page.on('request', (request) => {
    if (request.url().includes('/api/')) asked.push(new URL(request.url()).pathname);
  });
  await window.page.goto('/');
  await window.heading(nl.door.welcome).waitFor();
  expect(asked).toEqual(['/api/v1/status']);
  await window.signIn('Marie', password);
  await window.page.reload();
  await window.page.getByRole('navigation').waitFor();
  expect(asked.filter((path) => path === '/api/v1/session').length).toBeGreaterThanOrEqual(2);
  await window.close();
  await fake.stop();
});

test('a code is turned on, asked for when signing in, stood in for by a recovery code, and turned off', async () => {
  const { fake, window, page, leave } = await enter('/beveiliging');
  await window.button(security.begin).click();
  await window.field(security.password).fill('niet goed');
  await window.button(security.further).click();
  await page.getByText(security.wrongPassword).waitFor();
  await window.field(security.password).fill(password);
  await window.button(security.further).click();
  await page.getByRole('img', { name: security.qr }).waitFor();
  const secret = (await page.locator('.secret-text').innerText()).replace(/\s/g, '');
  await window.field(security.code).fill('000000');
  await window.button(security.confirm).click();
  await page.getByText(security.codeWrong).waitFor();
  expect(await window.field(security.code).inputValue()).toBe('000000');
  await window.field(security.code).fill(codeOf(secret));
  await window.button(security.confirm).click();
  await window.button(security.done).waitFor();
  const codes = await page.locator('.codes li').allInnerTexts();
  expect(codes).toHaveLength(10);
  // On paper there are the codes and whose they are, and nothing else.
  await page.emulateMedia({ media: 'print' });
  const isSeen = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).visibility === 'visible');
  expect(await Promise.all(['.codes code', '.paper-title', 'h1', '.bar', '.paper .button'].map(isSeen))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  await window.shoot('print-recovery-codes', false);
  await page.emulateMedia({ media: 'screen' });
  const loading = page.waitForEvent('download');
  await window.button(security.download).click();
  expect((await loading).suggestedFilename()).toBe('naklank.txt');
  await window.button(nl.common.copy).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(codes[0]!);
  await window.button(security.done).click();
  await page.getByText(security.isOn).waitFor();
  await window.button(nl.nav.signOut).click();

  await window.field(nl.door.name).fill('Marie');
  await window.field(nl.door.password).fill(password);
  await window.button(nl.door.signIn).click();
  await page.getByText(security.codeWanted).waitFor();
  expect(await window.field(nl.door.name).inputValue()).toBe('Marie');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('code');
  await page.keyboard.type('123456');
  await page.keyboard.press('Enter');
  await page.getByText(security.codeNotRight).waitFor();
  expect(await window.field(nl.door.password).inputValue()).toBe(password);
  await window.button(security.recoveryInstead).click();
  await window.field(security.recoveryCode).fill(codes[3]!);
  await window.button(nl.door.signIn).click();
  await page.getByRole('navigation').waitFor();
  expect([...fake.house.recoveryCodes.get('a1')!]).toHaveLength(9);

  await page.goto('/beveiliging');
  await window.button(security.remove).click();
  await window.field(security.password).fill(password);
  await page.getByRole('dialog').getByRole('button', { name: security.remove }).click();
  await page.getByText(security.removed).waitFor();
  expect(fake.house.accounts[0]!.has_authenticator).toBe(false);
  await leave();
});

test('a passkey is made, opens the door, and is taken away', async () => {
  const { fake, window, page, leave } = await enter('/beveiliging', 'localhost');
  const devices = await window.context.newCDPSession(page);
  await devices.send('WebAuthn.enable');
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await window.button(security.addPasskey).click();
  await window.field(security.passkeyName).fill('Telefoon van Marie');
  await window.field(security.password).fill(password);
  await window.button(security.addPasskey).click();
  await page.getByText('Telefoon van Marie').waitFor();
  expect(fake.house.passkeys).toHaveLength(1);
  await window.button(nl.nav.signOut).click();
  await window.button(security.signIn).click();
  await page.getByRole('navigation').waitFor();
  expect(fake.house.passkeys[0]!.used_at).toBeDefined();

  await page.goto('/beveiliging');
  await window.button(security.removePasskey('Telefoon van Marie')).click();
  await page.getByRole('dialog').getByRole('button', { name: nl.common.remove }).click();
  await page.getByText(security.noPasskeys).waitFor();
  expect(fake.house.passkeys).toHaveLength(0);
  await leave();
});

test('an access key is made, told once, and taken away', async () => {
  const { fake, window, page, leave } = await enter('/programmas');
  await window.button(programs.addToken).click();
  await window.field(programs.name).fill('Rapportage');
  await page.getByText(programs.scope.hear, { exact: true }).click();
  await page.getByText(programs.dayCount(365)).click();
  await page.getByRole('dialog').getByRole('button', { name: programs.addToken }).click();
  const secret = await window.field(programs.secret).inputValue();
  expect(secret).toMatch(/^nk_/);
  await window.button(nl.common.copy).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await window.button(nl.common.close).click();
  expect(fake.house.tokens[0]).toMatchObject({ name: 'Rapportage', scopes: ['read', 'hear'] });
  expect(fake.house.tokens[0]!.ends_at).toBeDefined();
  await window.button(`${nl.common.remove}: Rapportage`).click();
  await page.getByRole('dialog').getByRole('button', { name: nl.common.remove }).click();
  await page.getByText(programs.noTokens).waitFor();
  await leave();
});

test('a webhook is made, tried, turned off, and taken away', async () => {
  const { fake, window, page, leave } = await enter('/programmas');
  await window.button(programs.addWebhook).click();
  await window.field(programs.url).fill('http://elders.example/haak');
  await page.getByRole('dialog').getByRole('button', { name: programs.addWebhook }).click();
  await page.getByText(nl.common.refusedField).waitFor();
  const url = 'https://elders.example/haak';
  await window.field(programs.url).fill(url);
  await page.getByRole('dialog').getByRole('button', { name: programs.addWebhook }).click();
  expect(await window.field(programs.secret).inputValue()).toMatch(/^whsec_/);
  await window.button(nl.common.close).click();
  await window.button(programs.testOf(url)).click();
  await page.getByText(programs.testGood(200)).waitFor();
  fake.house.webhookAnswers = 500;
  await window.button(programs.testOf(url)).click();
  await page.getByText(programs.testBad(programs.gaveStatus(500))).waitFor();
  await window.button(programs.deliveries).click();
  await page.getByText(new RegExp(programs.state.delivered)).waitFor();
  await page.getByText(programs.on, { exact: true }).click();
  await expect.poll(() => fake.house.webhooks[0]!.is_on).toBe(false);
  await window.button(programs.removeWebhook(url)).click();
  await page.getByRole('dialog').getByRole('button', { name: nl.common.remove }).click();
  await page.getByText(programs.noWebhooks).waitFor();
  await leave();
});
