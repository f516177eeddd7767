// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { SignedIn } from '../../lib/api-types.ts';
import { refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { findDialog, renderPage } from '../../testing/render-page.tsx';
import { exampleMe, exampleUser } from '../../testing/things.ts';
import { AccountPage } from './account-page.tsx';

const laptop: SignedIn = {
  id: 's-1',
  kind: 'login',
  current: true,
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  address: '10.0.0.7',
  createdAt: '2026-11-01T08:00:00.000Z',
  lastSeenAt: '2026-11-01T08:00:00.000Z',
  expiresAt: '2026-12-01T08:00:00.000Z',
};
const phone: SignedIn = {
  ...laptop,
  id: 's-2',
  current: false,
  userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1',
};
const program: SignedIn = { ...laptop, id: 's-3', kind: 'token', current: false, userAgent: null, address: null };

async function open(answers: Answers = {}) {
  const page = await renderPage(<AccountPage programs={null} keys={<p>Keys of this account</p>} />, {
    answers: { 'account.get': exampleUser(), 'account.sessions': [laptop, phone, program], ...answers },
  });
  await screen.findByText('Keys of this account');
  await expect.poll(() => screen.queryAllByRole('listitem').length).toBeGreaterThan(0);
  return page;
}

/** The part of the page below this heading. */
function card(name: string) {
  const section = screen.getByRole('heading', { name }).closest('section');
  if (!section) throw new Error(`There is no card ${name}.`);
  return within(section);
}

test('says that there is no account where the hub asks nobody to sign in', async () => {
  const me = exampleMe({ authMode: 'open' });
  const { api } = await renderPage(<AccountPage programs={null} keys={null} />, { me });
  await screen.findByText('This hub asks nobody to sign in, so there is no account to set up.');
  expect(api.sent('account.get')).toEqual([]);
});

test('says why the account did not come, and asks again', async () => {
  const { api, user } = await renderPage(<AccountPage programs={null} keys={null} />, {
    answers: { 'account.get': refuse('internal', 'Something went wrong.'), 'account.sessions': [] },
  });
  await screen.findByText('Your account could not be loaded');
  api.answer('account.get', exampleUser());
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByDisplayValue('Ada Lovelace');
});

test('says in which groups somebody is, and as what', async () => {
  const groups = [
    { id: 'g-1', displayName: 'Data', role: 'manager', status: 'active' },
    { id: 'g-2', displayName: 'Web', role: 'member', status: 'pending' },
    { id: 'g-3', displayName: 'Ops', role: 'member', status: 'active' },
  ] as const;
  await open({ 'account.get': exampleUser({ groups: groups.map((group) => ({ ...group })) }) });
  const shown = card('Profile');
  expect(shown.getByText(/^Data/).textContent).toMatch(/manager/i);
  expect(shown.getByText(/^Web/).textContent).toBe('Web · Waits for approval');
  expect(shown.getByText(/^Ops/).textContent).toBe('Ops');
});

test('saves what was changed of the profile, with nothing for what is empty', async () => {
  const { api, user } = await open({ 'account.update': exampleUser({ fullName: null, email: 'a@b.example' }) });
  const profile = card('Profile');
  const save = profile.getByRole('button', { name: 'Save changes' });
  expect(save).toHaveProperty('disabled', true);
  await user.clear(profile.getByLabelText('Full name'));
  await user.type(profile.getByLabelText('E-mail'), ' ');
  await user.click(save);
  await screen.findByText('Saved');
  expect(api.sent('account.update')).toEqual([{ email: 'ada@example.com', fullName: null }]);
  expect(profile.getByLabelText('E-mail')).toHaveProperty('value', 'a@b.example');
});

test('shows what was refused at its field', async () => {
  const { user } = await open({
    'account.update': refuse('invalid', 'Refused.', { fields: { email: 'Is no address.' } }),
  });
  const profile = card('Profile');
  await user.type(profile.getByLabelText('Full name'), '!');
  await user.click(profile.getByRole('button', { name: 'Save changes' }));
  await profile.findByText('Is no address.');
  expect(profile.getByLabelText('E-mail').getAttribute('aria-invalid')).toBe('true');
  expect(profile.queryByRole('alert')).toBeNull();
});

test('lists devices by name, and marks this one', async () => {
  await open();
  const [first, second, third] = card('Signed-in devices').getAllByRole('listitem');
  expect(first?.textContent).toContain('Firefox');
  expect(first?.textContent).toContain('This one');
  expect(within(first ?? document.body).queryByRole('button')).toBeNull();
  expect(second?.textContent).toContain('Safari');
  expect(third?.textContent).toContain('Program');
  expect(third?.textContent).not.toContain('10.0.0.7');
});

test('signs one device out, and asks for the list again', async () => {
  const { api, user } = await open({ 'account.endSession': { id: 's-2' } });
  const before = api.sent('account.sessions').length;
  await user.click(screen.getByRole('button', { name: /^Sign out Safari/ }));
  await screen.findByText('Signed out');
  expect(api.sent('account.endSession')).toEqual([{ id: 's-2' }]);
  await expect.poll(() => api.sent('account.sessions').length).toBeGreaterThan(before);
});

test('signs all others out only where there are others', async () => {
  const { api, user, queryClient } = await open({ 'account.endOtherSessions': { ended: 2 } });
  await user.click(screen.getByRole('button', { name: 'Sign out all others' }));
  await screen.findByText('Signed out');
  api.answer('account.sessions', [laptop]);
  await queryClient.invalidateQueries();
  await expect.poll(() => screen.queryByRole('button', { name: 'Sign out all others' })).toBeNull();
});

test('says that a device stays signed in', async () => {
  const { user } = await open({ 'account.endSession': refuse('not_found', 'This session is over already.') });
  await user.click(screen.getByRole('button', { name: /^Sign out Safari/ }));
  await screen.findByText('This session is over already.');
});

test.each([
  [1, 'The password is changed; 1 other session ended'],
  [2, 'The password is changed; 2 other sessions ended'],
])('changes the password, and says that %i sessions ended', async (endedSessions, told) => {
  const { api, user } = await open({ 'account.changePassword': { endedSessions } });
  const form = card('Change the password');
  await user.type(form.getByLabelText('Current password'), 'engine-no-1');
  await user.type(form.getByLabelText('New password'), 'engine-no-2');
  await user.type(form.getByLabelText('New password, again'), 'engine-no-2');
  await user.click(form.getByRole('button', { name: 'Change the password' }));
  await screen.findByText(told);
  expect(api.sent('account.changePassword')).toEqual([{ currentPassword: 'engine-no-1', newPassword: 'engine-no-2' }]);
  expect(card('Change the password').getByLabelText('Current password')).toHaveProperty('value', '');
});

async function enrol(answers: Answers = {}) {
  const page = await open({
    'account.enrolTotp': { secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/x', qrSvg: '<svg onload="x()"></svg>' },
    ...answers,
  });
  await page.user.click(screen.getByRole('button', { name: 'Set up an app' }));
  const first = await findDialog('Set up an app');
  await page.user.type(first.getByLabelText('Current password'), 'engine-no-1');
  await page.user.click(first.getByRole('button', { name: 'Continue' }));
  return page;
}

test('sets an app up: the password, the code of the app, then recovery codes that are shown once', async () => {
  const { api, user } = await enrol({ 'account.confirmTotp': { codes: ['aaaa-bbbb', 'cccc-dddd'] } });
  const picture = await screen.findByRole('img', { name: 'QR code for the authenticator app' });
  expect(picture.getAttribute('src')).toMatch(/^data:image\/svg\+xml;utf8,%3Csvg/);
  expect(screen.getByText('JBSWY3DPEHPK3PXP')).toBeTruthy();
  await user.type(screen.getByLabelText('Code from the app'), '123456');
  api.answer('account.get', exampleUser({ mfaEnabled: true }));
  await user.click(screen.getByRole('button', { name: 'Switch it on' }));
  const codes = await screen.findByRole('list', { name: 'Recovery codes' });
  expect(
    within(codes)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual(['aaaa-bbbb', 'cccc-dddd']);
  expect(api.sent('account.enrolTotp')).toEqual([{ password: 'engine-no-1' }]);
  expect(api.sent('account.confirmTotp')).toEqual([{ code: '123456' }]);
  await user.click(screen.getByRole('button', { name: 'I have stored them' }));
  expect(screen.queryByText('aaaa-bbbb')).toBeNull();
  await screen.findByRole('button', { name: 'Switch it off' });
});

test('says at the field that the password was wrong, and forgets it when closed', async () => {
  const wrong = refuse('invalid', 'Refused.', { fields: { password: 'Is not your password.' } });
  const { user } = await enrol({ 'account.enrolTotp': wrong });
  const dialog = await findDialog('Set up an app');
  await dialog.findByText('Is not your password.');
  await user.click(dialog.getByRole('button', { name: 'Cancel' }));
  await user.click(screen.getByRole('button', { name: 'Set up an app' }));
  const again = await findDialog('Set up an app');
  expect(again.queryByText('Is not your password.')).toBeNull();
  expect(again.getByLabelText('Current password')).toHaveProperty('value', '');
});

test('keeps the secret open where the code was wrong', async () => {
  const { user } = await enrol({
    'account.confirmTotp': refuse('invalid', 'Refused.', { fields: { code: 'This code is wrong.' } }),
  });
  await user.type(await screen.findByLabelText('Code from the app'), '000000');
  await user.click(screen.getByRole('button', { name: 'Switch it on' }));
  await screen.findByText('This code is wrong.');
  expect(screen.getByText('JBSWY3DPEHPK3PXP')).toBeTruthy();
});

test('switches the second factor off with the password', async () => {
  const { api, user } = await open({
    'account.get': exampleUser({ mfaEnabled: true }),
    'account.removeTotp': { enabled: false },
  });
  expect(screen.queryByRole('button', { name: 'Set up an app' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Switch it off' }));
  const dialog = await findDialog('Switch it off');
  await user.type(dialog.getByLabelText('Current password'), 'engine-no-1');
  await user.click(dialog.getByRole('button', { name: 'Continue' }));
  await screen.findByText('The second factor is off');
  expect(api.sent('account.removeTotp')).toEqual([{ password: 'engine-no-1' }]);
});

test('makes new recovery codes, which say that the old ones are worth nothing', async () => {
  const { user } = await open({
    'account.get': exampleUser({ mfaEnabled: true }),
    'account.renewRecoveryCodes': { codes: ['eeee-ffff'] },
  });
  await user.click(screen.getByRole('button', { name: 'New recovery codes' }));
  const dialog = await findDialog('New recovery codes');
  expect(dialog.getByText('The codes you have are worth nothing from then on.')).toBeTruthy();
  await user.type(dialog.getByLabelText('Current password'), 'engine-no-1');
  await user.click(dialog.getByRole('button', { name: 'Continue' }));
  await screen.findByText('eeee-ffff');
});

test('waits for the account without showing anything of it', async () => {
  await renderPage(<AccountPage programs={null} keys={<p>Keys of this account</p>} />, {
    answers: { 'account.get': waiting },
  });
  await screen.findByRole('heading', { name: 'My account' });
  expect(screen.queryByText('Keys of this account')).toBeNull();
});
