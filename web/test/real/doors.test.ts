// Letting go and having back, an authenticator and a passkey, with the real service and Chromium's own authenticator.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { later } from '../../src/words/later';
import { nl } from '../../src/words/nl';
import { codeOf } from '../browser/fake/rooms/security';
import { launch, openWindow } from '../browser/pages/window';
import { serve } from './service';

const { keeping, security } = later.nl;
const password = 'een lang zinnetje';
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

async function enter() {
  const service = await serve('samples/appointment.pcap');
  const url = service.url.replace('127.0.0.1', 'localhost'); // passkeys belong to a name
  const home = await openWindow(browser, url);
  await home.setUp(await service.code(), { forWhom: 'company', name: 'Marie', password, numbers: ['+31201234567'] });
  await home.heading(nl.calls.title).waitFor();
  const leave = async () => {
    expect(home.complaints).toEqual([]);
    await home.close();
    expect(await service.stop()).toBe(0);
  };
  return { home, page: home.page, leave };
}

test('a call is let go of, lies in safekeeping, and is had back', async () => {
  const { home, page, leave } = await enter();
  await home.firstCall(/Reparatiedienst/).click();
  await home.button(keeping.remove).click();
  await page.getByRole('dialog').getByRole('button', { name: keeping.remove }).click();
  await home.button(keeping.restore).waitFor();
  await page.goto('/');
  await home.heading(nl.calls.title).waitFor();
  await page.getByText(nl.calls.emptyTitle).waitFor();
  await page.goto('/in-bewaring');
  await page
    .getByRole('link', { name: /Reparatiedienst/ })
    .first()
    .click();
  await home.button(keeping.restore).click();
  await page.getByText(keeping.restored).waitFor();
  await page.goto('/');
  await home.firstCall(/Reparatiedienst/).waitFor();
  await leave();
});

test('an authenticator is wanted from then on, and a passkey stands in for both', async () => {
  const { home, page, leave } = await enter();
  const devices = await home.context.newCDPSession(page);
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
  await page.goto('/beveiliging');
  await home.button(security.addPasskey).click();
  await home.field(security.passkeyName).fill('Telefoon');
  await home.field(security.password).fill(password);
  await home.button(security.addPasskey).click();
  await page.getByText('Telefoon', { exact: true }).waitFor();

  await home.button(security.begin).click();
  await home.field(security.password).fill(password);
  await home.button(security.further).click();
  await page.getByRole('img', { name: security.qr }).waitFor();
  const secret = (await page.locator('.secret-text').innerText()).replace(/\s/g, '');
  await home.field(security.code).fill(codeOf(secret));
  await home.button(security.confirm).click();
  await home.button(security.done).waitFor();
  const codes = await page.locator('.codes li').allInnerTexts();
  await home.button(security.done).click();
  await page.getByText(security.isOn).waitFor();
  await home.button(nl.nav.signOut).click();

  await home.field(nl.door.name).fill('Marie');
  await home.field(nl.door.password).fill(password);
  await page.getByRole('button', { name: nl.door.signIn, exact: true }).click();
  await page.getByText(security.codeWanted).waitFor();
  await home.button(security.recoveryInstead).click();
  await home.field(security.recoveryCode).fill(codes[0]!);
  await page.getByRole('button', { name: nl.door.signIn, exact: true }).click();
  await page.getByRole('navigation').waitFor();
  await home.button(nl.nav.signOut).click();

  await home.button(security.signIn).click();
  await page.getByRole('navigation').waitFor();
  await leave();
});
