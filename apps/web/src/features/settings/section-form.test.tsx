// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Section } from '@switchboard/core/configuration/schema';
import type { Outputs } from '../../lib/trpc.ts';
import { refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { findDialog, renderPage } from '../../testing/render-page.tsx';
import { SectionForm } from './section-form.tsx';

type Configuration = Outputs['configuration']['get'];

const configuration = {
  settings: {
    smtp: {
      host: 'mail.example.com',
      port: 587,
      secure: false,
      startTls: 'auto',
      verifyCertificate: true,
      auth: { user: 'hub', pass: '***' },
      from: null,
    },
    notifications: {
      email: true,
      emailTo: ['ada@example.com'],
      slack: false,
      slackUrl: null,
      webhook: null,
      webhookSecret: null,
    },
    limits: {
      requestsPerMinute: { anonymous: 60, user: 600, admin: null },
      registrationsPerHour: 5,
      serversPerPerson: null,
      keysPerPerson: 20,
    },
    retention: { callsDays: 30, auditDays: 365 },
    registration: { allowed: true, approval: false },
    logging: { level: 'info' },
    appearance: { name: null, mark: null, banner: { text: null, tone: 'info' } },
    conversations: { adminsMayRead: false },
  },
  locked: { 'registration.allowed': 'ALLOW_REGISTRATION', 'logging.level': 'LOG_LEVEL' },
  changed: { smtp: '2026-11-01T08:00:00.000Z' },
} as unknown as Configuration;

function open(section: Section, answers: Answers = {}) {
  return renderPage(<SectionForm section={section} configuration={configuration} />, {
    answers: { 'configuration.get': configuration, ...answers },
  });
}

function save() {
  return screen.getByRole('button', { name: 'Save changes' });
}

test('offers nothing to save before something was changed, and takes it all back', async () => {
  const { user } = await open('smtp');
  expect(save()).toHaveProperty('disabled', true);
  const host = screen.getByLabelText('Mail server');
  await user.type(host, '.org');
  expect(save()).toHaveProperty('disabled', false);
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(host).toHaveProperty('value', 'mail.example.com');
  expect(save()).toHaveProperty('disabled', true);
});

test('sends only what was changed, with nothing for what is empty', async () => {
  const { api, user } = await open('smtp', { 'configuration.change': configuration });
  await user.clear(screen.getByLabelText('Mail server'));
  await user.clear(screen.getByLabelText('Port'));
  await user.type(screen.getByLabelText('Port'), '465');
  await user.click(screen.getByRole('switch', { name: 'TLS from the first byte' }));
  await user.selectOptions(screen.getByLabelText('STARTTLS'), 'Never');
  await user.click(save());
  await screen.findByText('Saved');
  expect(api.sent('configuration.change')).toEqual([
    { smtp: { host: null, port: 465, secure: true, startTls: 'never' } },
  ]);
});

test('never shows a stored secret, keeps it where nothing is typed, and removes it on demand', async () => {
  const { api, user } = await open('smtp', { 'configuration.change': waiting });
  const password = screen.getByLabelText('Password');
  expect(password).toHaveProperty('value', '');
  expect(screen.getByText(/^A value is stored/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Remove it' }));
  expect(screen.getByText(/^The stored value is removed/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Keep it' }));
  await user.type(screen.getByLabelText('User'), '2');
  await user.click(save());
  expect(api.sent('configuration.change')).toEqual([{ smtp: { auth: { user: 'hub2' } } }]);
});

test('sends that a secret goes', async () => {
  const { api, user } = await open('smtp', { 'configuration.change': waiting });
  await user.click(screen.getByRole('button', { name: 'Remove it' }));
  await user.click(save());
  expect(api.sent('configuration.change')).toEqual([{ smtp: { auth: { pass: null } } }]);
});

test.each([
  ['registration', 'ALLOW_REGISTRATION', 'On'],
  ['logging', 'LOG_LEVEL', 'Info'],
] as const)('shows what a variable has set in %s, and does not offer it', async (section, variable, value) => {
  await open(section);
  expect(screen.getByText(`Set by the environment variable ${variable}`)).toBeTruthy();
  expect(screen.getByText(value)).toBeTruthy();
  expect(screen.queryByRole('combobox')).toBeNull();
});

test('reads a list line by line, and a number that is empty as none', async () => {
  const { api, user } = await open('notifications', { 'configuration.change': waiting });
  const to = screen.getByLabelText('Mail goes to');
  expect(to).toHaveProperty('value', 'ada@example.com');
  await user.type(to, '\n\n grace@example.com, ops@example.com ');
  await user.click(save());
  const emailTo = ['ada@example.com', 'grace@example.com', 'ops@example.com'];
  expect(api.sent('configuration.change')).toEqual([{ notifications: { emailTo } }]);
});

test('lifts a limit that is emptied', async () => {
  const { api, user } = await open('limits', { 'configuration.change': waiting });
  await user.clear(screen.getByLabelText('API keys a person'));
  await user.click(save());
  expect(api.sent('configuration.change')).toEqual([{ limits: { keysPerPerson: null } }]);
});

test('shows what was refused at its field, and what is about none above the buttons', async () => {
  const refusal = refuse('invalid', 'Refused.', { fields: { 'limits.keysPerPerson': 'Must be 1 or more.' } });
  const { api, user } = await open('limits', { 'configuration.change': refusal });
  await user.type(screen.getByLabelText('API keys a person'), '0');
  await user.click(save());
  await screen.findByText('Must be 1 or more.');
  expect(screen.queryByRole('alert')).toBeNull();
  api.answer('configuration.change', refuse('forbidden', 'You may not change the configuration.'));
  await user.click(save());
  expect((await screen.findByRole('alert')).textContent).toContain('You may not change the configuration.');
});

test('resets a section that was changed, after the question', async () => {
  const { api, user } = await open('smtp', { 'configuration.reset': configuration });
  await user.click(screen.getByRole('button', { name: 'Reset' }));
  const question = await findDialog('Reset “Mail server”?', 'alertdialog');
  expect(question.getByText(/Its secrets are removed/)).toBeTruthy();
  await user.click(question.getByRole('button', { name: 'Reset' }));
  await screen.findByText('Saved');
  expect(api.sent('configuration.reset')).toEqual([{ section: 'smtp' }]);
});

test('offers no reset where nothing was changed', async () => {
  await open('limits');
  expect(screen.queryByRole('button', { name: 'Reset' })).toBeNull();
});

test('tries the form as it stands, with another recipient', async () => {
  const { api, user } = await open('smtp', { 'configuration.test': { ok: true, why: null } as never });
  await user.type(screen.getByLabelText('Mail server'), '.org');
  const panel = within(screen.getByRole('region', { name: 'Send a test' }));
  await user.type(panel.getByLabelText('To (in place of who is set)'), ' me@example.com ');
  await user.click(panel.getByRole('button', { name: 'Send a test' }));
  await panel.findByText('It was taken');
  expect(api.sent('configuration.test')).toEqual([
    { destination: 'email', smtp: { host: 'mail.example.com.org' }, to: 'me@example.com' },
  ]);
  expect(api.sent('configuration.change')).toEqual([]);
});

test('says why a message did not arrive', async () => {
  const why = { code: 'x', params: {}, text: 'The server refused the password.' };
  const { api, user } = await open('notifications', { 'configuration.test': { ok: false, why } as never });
  const panel = within(screen.getByRole('region', { name: 'Send a test' }));
  await user.selectOptions(panel.getByLabelText('By'), 'Slack');
  expect(panel.queryByLabelText('To (in place of who is set)')).toBeNull();
  await user.click(panel.getByRole('button', { name: 'Send a test' }));
  await panel.findByText('The server refused the password.');
  expect(api.sent('configuration.test')[0]?.destination).toBe('slack');
});
