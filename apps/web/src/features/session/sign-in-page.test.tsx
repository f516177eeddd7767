// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { openPage } from '../../testing/render-page.tsx';
import { exampleMe, exampleUser } from '../../testing/things.ts';

const nobody = exampleMe({ user: null });
const asksForCode = refuse('unauthenticated', 'This account has a second factor: give its code as mfaCode.', {
  mfaRequired: true,
});

/** Opens a page as somebody who is not signed in, fills the form in and sends it. */
async function signIn(answers: Answers) {
  const page = await openPage('/servers', { me: nobody, answers: { 'servers.list': waiting, ...answers } });
  await page.user.type(await screen.findByLabelText('Username'), 'ada');
  await page.user.type(screen.getByLabelText('Password'), 'engine-no-1');
  await page.user.click(screen.getByRole('button', { name: 'Sign in' }));
  return page;
}

test('shows the form at every address, and asks the hub for nothing else', async () => {
  const { api, address } = await openPage('/servers', { me: nobody });
  await screen.findByRole('heading', { name: 'Sign in' });
  expect(address()).toBe('/servers');
  expect(api.sent('servers.list')).toEqual([]);
  expect(screen.queryByRole('navigation')).toBeNull();
  expect(document.title).toBe('Sign in · Switchboard');
});

test('sends name and password, and shows the page that was asked for', async () => {
  const { api, user } = await openPage('/account', { me: nobody });
  await user.type(await screen.findByLabelText('Username'), 'ada');
  await user.type(screen.getByLabelText('Password'), 'engine-no-1');
  api.answer('auth.login', () => {
    api.answer('auth.me', exampleMe({ mustChangePassword: true }));
    return { user: { id: 'u-ada', username: 'ada', role: 'admin' }, mustChangePassword: true };
  });
  await user.keyboard('{Enter}');
  await screen.findByRole('heading', { name: 'Choose a new password' });
  expect(api.sent('auth.login')).toEqual([{ username: 'ada', password: 'engine-no-1' }]);
});

test('says why nobody was signed in, and keeps what was typed', async () => {
  await signIn({ 'auth.login': refuse('unauthenticated', 'Wrong username or password.') });
  expect((await screen.findByRole('alert')).textContent).toContain('Wrong username or password.');
  expect(screen.getByLabelText('Username')).toHaveProperty('value', 'ada');
});

test('sends once, however often the button is pressed meanwhile', async () => {
  const { api, user } = await signIn({ 'auth.login': waiting });
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(api.sent('auth.login')).toHaveLength(1);
});

test('asks for the code of the second factor as a step, not as a failure', async () => {
  const { api, user } = await signIn({ 'auth.login': asksForCode });
  const code = await screen.findByLabelText('Code');
  expect(screen.queryByRole('alert')).toBeNull();
  expect(code.getAttribute('autocomplete')).toBe('one-time-code');
  await user.type(code, ' 123456 ');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(api.sent('auth.login').at(-1)).toEqual({ username: 'ada', password: 'engine-no-1', mfaCode: '123456' });
});

test('says that a code was wrong, and leaves the way to another account', async () => {
  const { api, user } = await signIn({ 'auth.login': asksForCode });
  const wrong = refuse('unauthenticated', 'This code is wrong or was used already.', { mfaRequired: true });
  api.answer('auth.login', wrong);
  await user.type(await screen.findByLabelText('Code'), '000000');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect((await screen.findByRole('alert')).textContent).toContain('This code is wrong or was used already.');
  await user.click(screen.getByRole('button', { name: 'Back to the password' }));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByLabelText('Username')).toHaveProperty('value', 'ada');
  expect(screen.getByLabelText('Password')).toHaveProperty('value', '');
});

test('shows the password only while the person wants to see it', async () => {
  const { user } = await openPage('/', { me: nobody });
  const password = await screen.findByLabelText('Password');
  expect(password.getAttribute('type')).toBe('password');
  await user.click(screen.getByRole('button', { name: 'Show' }));
  expect(password.getAttribute('type')).toBe('text');
  await user.click(screen.getByRole('button', { name: 'Hide' }));
  expect(password.getAttribute('type')).toBe('password');
});

test('offers to make an account only where the hub lets people do that', async () => {
  await openPage('/', { me: nobody });
  await screen.findByLabelText('Username');
  expect(screen.queryByRole('button', { name: 'No account yet? Create one' })).toBeNull();
});

async function register(answers: Answers) {
  const page = await openPage('/', { me: exampleMe({ user: null, allowRegistration: true }), answers });
  await page.user.click(await screen.findByRole('button', { name: 'No account yet? Create one' }));
  await page.user.type(screen.getByLabelText('Username'), 'grace');
  await page.user.type(screen.getByLabelText('E-mail'), ' grace@example.com ');
  await page.user.type(screen.getByLabelText('Password'), 'cobol-1959');
  await page.user.click(screen.getByRole('button', { name: 'Create the account' }));
  return page;
}

test('makes an account and signs it in', async () => {
  const { api } = await register({
    'auth.register': exampleUser({ username: 'grace', role: 'viewer' }),
    'auth.login': waiting,
  });
  await expect.poll(() => api.sent('auth.login')).toEqual([{ username: 'grace', password: 'cobol-1959' }]);
  expect(api.sent('auth.register')).toEqual([
    { username: 'grace', password: 'cobol-1959', email: 'grace@example.com', fullName: null },
  ]);
});

test('shows beside the field why no account was made', async () => {
  const taken = refuse('conflict', 'The account was not made.', { fields: { username: 'This name is taken.' } });
  await register({ 'auth.register': taken });
  expect((await screen.findByText('This name is taken.')).id).toBe(
    screen.getByLabelText('Username').getAttribute('aria-describedby'),
  );
  expect(screen.queryByRole('alert')).toBeNull();
});

test('shows above the form what is about no field', async () => {
  await register({ 'auth.register': refuse('forbidden', 'Registration is closed.') });
  expect((await screen.findByRole('alert')).textContent).toContain('Registration is closed.');
});

test('opens nothing but the change of a password that somebody else knows', async () => {
  const { api, user } = await openPage('/servers', {
    me: exampleMe({ mustChangePassword: true }),
    answers: { 'account.changePassword': refuse('invalid', 'Refused.', { fields: { newPassword: 'Is too common.' } }) },
  });
  await user.type(await screen.findByLabelText('Current password'), 'first');
  await user.type(screen.getByLabelText('New password'), 'password1');
  await user.type(screen.getByLabelText('New password, again'), 'password2');
  await user.click(screen.getByRole('button', { name: 'Set the password' }));
  await screen.findByText('The two are not the same.');
  expect(api.sent('account.changePassword')).toEqual([]);
  await user.clear(screen.getByLabelText('New password, again'));
  await user.type(screen.getByLabelText('New password, again'), 'password1');
  await user.click(screen.getByRole('button', { name: 'Set the password' }));
  await screen.findByText('Is too common.');
  expect(api.sent('account.changePassword')).toEqual([{ currentPassword: 'first', newPassword: 'password1' }]);
  expect(api.sent('servers.list')).toEqual([]);
});

test('is in Chinese for who reads Chinese, with the reason too', async () => {
  const why = { code: 'loginWrong', params: {}, text: 'Wrong username or password.' };
  const { user } = await openPage('/', {
    me: nobody,
    language: 'zh-CN',
    answers: { 'auth.login': refuse('unauthenticated', why.text, { why }) },
  });
  await user.type(await screen.findByLabelText('用户名'), 'ada');
  await user.type(screen.getByLabelText('密码'), 'x');
  await user.click(screen.getByRole('button', { name: '登录' }));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('用户名或密码不正确。');
});
