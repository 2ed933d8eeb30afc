// Looking after the house: people, accounts, one's own settings, the log; and what is done with a call besides hearing it.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../src/words/en';
import { nl } from '../../src/words/nl';
import { later } from '../../src/words/later';
import { startFake } from './fake/server';
import { launch, openWindow } from './pages/window';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

async function enter(face: 'calm' | 'full', at = '/', forWhom: 'home' | 'company' = 'home') {
  const fake = await startFake({ account: { face } });
  fake.house.forWhom = forWhom;
  const window = await openWindow(browser, fake.url);
  await window.signIn('Marie', 'een lang zinnetje', at);
  const leave = async () => {
    expect(window.complaints).toEqual([]);
    await window.close();
    await fake.stop();
  };
  return { fake, window, page: window.page, leave };
}

test('a person is added, changed and forgotten', async () => {
  const { fake, window, page, leave } = await enter('full', '/mensen');
  await window.button(nl.people.add).click();
  await window.field(nl.people.name).fill('Bram');
  await window.field(nl.people.numbers).fill('+31611112222\n+31633334444');
  await page.getByRole('radio', { name: nl.people.colors[4]! }).locator('..').locator('..').click();
  await window.button(nl.common.save).click();
  await page.getByRole('link', { name: /Bram/ }).click();
  await window.heading('Bram').waitFor();
  expect(fake.house.people.find((p) => p.name === 'Bram')).toMatchObject({
    numbers: ['+31611112222', '+31633334444'],
    color: 4,
  });
  await window.button(nl.common.edit).click();
  await window.field(nl.people.name).fill('Bram Bos');
  await window.button(nl.common.save).click();
  await window.heading('Bram Bos').waitFor();
  await window.button(nl.people.forget).click();
  await page.getByRole('dialog').getByRole('button', { name: nl.people.forget }).click();
  await window.heading(nl.people.title).waitFor();
  expect(fake.house.people.some((p) => p.name === 'Bram Bos')).toBe(false);
  await leave();
});

test('an account is added and switched off', async () => {
  const { fake, window, page, leave } = await enter('full', '/accounts', 'company');
  await window.button(nl.accounts.add).click();
  await window.button(nl.common.save).click();
  await page.getByText(nl.common.required).waitFor();
  await window.field(nl.accounts.name).fill('Fatima');
  await page.getByText(nl.accounts.role.trainer, { exact: true }).last().click();
  await window.field(nl.accounts.team).fill('verkoop');
  await window.field(nl.door.password).fill('te kort');
  await window.button(nl.common.save).click();
  await page.getByText(nl.common.tooShort(10)).waitFor();
  await window.field(nl.door.password).fill('lang genoeg nu');
  await window.button(nl.common.save).click();
  await page.getByText('Fatima').waitFor();
  const made = fake.house.accounts.find((account) => account.name === 'Fatima')!;
  expect(made).toMatchObject({ roles: ['employee', 'trainer'], team: 'verkoop' });
  await window.button(`${nl.common.edit}: Fatima`).click();
  await page.getByText(nl.accounts.disabled, { exact: true }).click();
  await window.button(nl.common.save).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(made.is_disabled).toBe(true);
  await leave();
});

test('a home is offered nothing that is for companies', async () => {
  const { fake, window, page, leave } = await enter('full', '/accounts');
  await window.button(nl.accounts.add).click();
  await page.getByText(nl.accounts.role.owner, { exact: true }).last().waitFor();
  const dialog = page.getByRole('dialog');
  for (const role of ['manager', 'trainer', 'employee'] as const)
    expect(await dialog.getByText(nl.accounts.role[role], { exact: true }).count(), role).toBe(0);
  for (const field of [nl.accounts.team, nl.accounts.leads]) expect(await window.field(field).count(), field).toBe(0);
  await window.field(nl.accounts.name).fill('Bram');
  await window.field(nl.door.password).fill('lang genoeg nu');
  await window.button(nl.common.save).click();
  await page.getByText('Bram').waitFor();
  expect(fake.house.accounts.at(-1)).toMatchObject({ name: 'Bram', roles: ['family'], team: '', leads: [] });

  // What an account has is shown all the same.
  await window.button(`${nl.common.edit}: Kees`).click();
  await dialog.getByText(nl.accounts.role.trainer, { exact: true }).waitFor();
  expect(await window.field(nl.accounts.leads).inputValue()).toBe('verkoop');
  await window.button(nl.common.cancel).click();

  await page.goto('/albums');
  await window.button(later.nl.albums.add).click();
  await window.field(later.nl.albums.name).waitFor();
  expect(await dialog.getByText(later.nl.albums.library).count()).toBe(0);
  await window.button(nl.common.cancel).click();
  const call = fake.house.calls.find((c) => c.answered && c.purpose !== 'training')!;
  await page.goto(`/gesprek/${call.id}`);
  await window.button(new RegExp(`${nl.call.purpose}$`)).click();
  await page.getByRole('option', { name: nl.purposes.memory }).waitFor();
  expect(await page.getByRole('option', { name: nl.purposes.training }).count()).toBe(0);
  await leave();
});

test('a company is offered libraries', async () => {
  const { window, page, leave } = await enter('full', '/albums', 'company');
  await window.button(later.nl.albums.add).click();
  await page.getByRole('dialog').getByText(later.nl.albums.library).waitFor();
  await leave();
});

test('one’s own numbers are changed from the settings, and words are no numbers', async () => {
  const { fake, window, page, leave } = await enter('calm', '/instellingen');
  await page.getByText('+31201234567').waitFor();
  await page.getByRole('link', { name: later.nl.numbers.change }).click();
  await window.field(nl.accounts.numbers).fill('mijn nummer');
  await window.button(nl.common.save).click();
  await page.getByText(nl.common.notANumber('mijn nummer')).waitFor();
  await window.field(nl.accounts.numbers).fill('+31201234567\n+31101234567');
  await window.button(nl.common.save).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(new URL(page.url()).search).toBe('');
  await page.goto('/instellingen');
  await page.getByText('+31201234567, +31101234567').waitFor();

  fake.house.accounts[0]!.roles = ['family'];
  fake.house.accounts[0]!.numbers = [];
  await page.reload();
  await page.getByText(later.nl.numbers.none).waitFor();
  await page.getByText(later.nl.numbers.byOwner).waitFor();
  expect(await page.getByRole('link', { name: later.nl.numbers.change }).count()).toBe(0);
  await leave();
});

test('the view, the language and the password are changed, and one signs out', async () => {
  const { fake, window, page, leave } = await enter('full', '/instellingen');
  await page.getByText(nl.settings.calm, { exact: true }).click();
  await page.getByRole('link', { name: nl.nav.listen, exact: true }).waitFor();
  await page.getByText('English', { exact: true }).click();
  await window.heading(en.settings.title).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await window.field(en.settings.oldPassword).fill('niet goed');
  await window.field(en.settings.newPassword).fill('een nieuw zinnetje');
  await window.button(en.settings.changePassword).click();
  await page.locator('.field-error').first().waitFor();
  expect(await window.field(en.settings.newPassword).inputValue()).toBe('een nieuw zinnetje');
  await window.field(en.settings.oldPassword).fill('een lang zinnetje');
  await window.button(en.settings.changePassword).click();
  await page.getByText(en.settings.passwordChanged).waitFor();
  expect(fake.house.accounts[0]!.password).toBe('een nieuw zinnetje');
  await window.button(en.nav.signOut).click();
  await window.heading(en.door.welcome).waitFor();
  expect(fake.house.sessions.size).toBe(0);
  await leave();
});

test('a call gets a purpose and tags, is kept, and its notes are changed', async () => {
  const { fake, window, page, leave } = await enter('full');
  const call = fake.house.call(fake.house.calls.find((c) => c.answered && c.tags.length === 0)!.id)!;
  call.is_kept = false;
  await page.goto(`/gesprek/${call.id}`);
  await window.button(new RegExp(`${nl.call.purpose}$`)).click();
  await page.getByRole('option', { name: nl.purposes.keepsake }).click();
  await expect.poll(() => call.purpose).toBe('keepsake');
  await window.field(nl.call.addTag).fill('tuin');
  await page.getByRole('button', { name: nl.common.add, exact: true }).click();
  await window.button(nl.call.removeTag('tuin')).waitFor();
  expect(call.tags).toEqual(['tuin']);
  await window.button(nl.call.removeTag('tuin')).click();
  await expect.poll(() => call.tags).toEqual([]);
  await window.button(nl.call.keep).click();
  await window.button(nl.call.isKept).waitFor();
  expect(call.is_kept).toBe(true);

  await page.locator('textarea').fill('Over de tuin');
  await window.button(nl.call.addNote).click();
  await page.getByText('Over de tuin').waitFor();
  expect(await page.locator('textarea').inputValue()).toBe('');
  await window.button(nl.call.editNote).click();
  await page.locator('.note textarea').fill('Over de moestuin');
  await window.button(nl.common.save).click();
  await page.getByText('Over de moestuin').waitFor();
  await window.button(nl.call.removeNote).click();
  await page.getByText('Over de moestuin').waitFor({ state: 'detached' });
  expect(call.note_list).toEqual([]);

  const download = page.waitForEvent('download');
  await window.button(nl.call.download).click();
  await page.getByRole('link', { name: new RegExp(`^${nl.call.wav}`) }).click();
  expect((await download).url()).toContain('download=true');
  await leave();
});

test('a tag of somebody else is not lost when one adds a tag to a call of the list', async () => {
  const { fake, window, page, leave } = await enter('full');
  await window.firstCall(/./).waitFor();
  const first = fake.house.calls[0]!;
  first.tags = ['eerst'];
  await page.reload();
  await window.firstCall(/./).waitFor();
  await page.locator('.row-check').first().click();
  await window.field(nl.calls.newTag).fill('daarna');
  await window.button(nl.calls.addTag).click();
  await page.getByText(nl.calls.tagAdded('daarna', 1)).waitFor();
  expect(first.tags).toEqual(['eerst', 'daarna']);
  await page.locator('.call-tags').getByText('daarna').first().waitFor();
  await leave();
});

test('the log speaks in words, of albums and accounts by their names', async () => {
  const { fake, page, leave } = await enter('full');
  const album = fake.house.addAlbum('a1', 'Oma vertelt', 'album');
  Object.assign(album, { id: 'al-fxv6kq1z' });
  Object.assign(fake.house.accounts[1]!, { id: 'a-k3k3k3k3' });
  const happened = (number: number, what: string, detail: string) =>
    fake.house.log.unshift({ number, at: new Date().toISOString(), who: 'Marie', what, detail });
  happened(41, 'changed', 'purpose memory; kept');
  happened(42, 'account-changed', 'a-k3k3k3k3: owner, admin');
  happened(43, 'put-in-album', 'al-fxv6kq1z');
  await page.goto('/logboek');
  await page.getByText('zette een gesprek in een album, Oma vertelt').waitFor();
  await page.getByText('wijzigde een account, Sanne: Eigenaar, Beheerder').waitFor();
  await page.getByText('wijzigde een gesprek, het doel is nu Herinnering, nu bewaard').waitFor();
  await leave();
});

test('the log is filtered in its address', async () => {
  const { window, page, leave } = await enter('full', '/logboek');
  await page.locator('.log-event').first().waitFor();
  await window.field(nl.log.filterWho).fill('Sanne');
  await page.waitForURL(/who=Sanne/);
  await page.locator('.log-event').getByText('Marie').first().waitFor({ state: 'detached' });
  await expect.poll(() => page.locator('.log-event').count()).toBe(14);
  await leave();
});
