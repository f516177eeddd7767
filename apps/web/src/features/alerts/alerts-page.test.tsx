// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Outputs } from '../../lib/trpc.ts';
import { nothing, refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { findDialog, openPage } from '../../testing/render-page.tsx';
import { exampleServer } from '../../testing/server-things.ts';
import { exampleMe } from '../../testing/things.ts';

type Alert = Outputs['alerts']['list']['items'][number];
type Rule = Outputs['alerts']['rules'][number];

function exampleAlert(alert: Partial<Alert> = {}): Alert {
  return {
    id: 'a-1',
    rule: { id: 'r-1', name: 'A server does not run', kind: 'server-failing' },
    severity: 'critical',
    state: 'firing',
    serverId: 'docs',
    reason: { code: 'alertText', params: {}, text: 'Docs does not run.' },
    detail: null,
    value: null,
    since: '2026-11-01T08:00:00.000Z',
    firedAt: '2026-11-01T08:00:00.000Z',
    resolvedAt: null,
    acknowledged: null,
    can: { acknowledge: true },
    ...alert,
  };
}

function exampleRule(rule: Partial<Rule> = {}): Rule {
  return {
    id: 'r-1',
    name: 'A server does not run',
    kind: 'server-failing',
    enabled: true,
    severity: 'critical',
    serverId: null,
    threshold: null,
    windowMinutes: 5,
    forMinutes: 0,
    quiet: null,
    shipped: true,
    createdAt: '2026-11-01T08:00:00.000Z',
    updatedAt: '2026-11-01T08:00:00.000Z',
    ...rule,
  };
}

const slow = exampleRule({
  id: 'r-2',
  name: 'Docs are slow',
  kind: 'slow-calls',
  severity: 'warning',
  serverId: 'docs',
  threshold: 800,
  windowMinutes: 1,
  forMinutes: 2,
  quiet: { from: '22:00', until: '07:00', timeZone: 'Europe/Berlin' },
  shipped: false,
});

function openList(items: Alert[], answers: Answers = {}, search = '') {
  return openPage(`/alerts${search}`, { answers: { 'alerts.list': { items, nextCursor: null }, ...answers } });
}

function openRules(answers: Answers = {}) {
  return openPage('/alerts?tab=rules', {
    answers: {
      'alerts.rules': [exampleRule(), slow],
      'servers.list': { items: [exampleServer(), exampleServer({ id: 'mail' })], total: 2 },
      ...answers,
    },
  });
}

async function ruleRow(name: string) {
  const list = within(await screen.findByRole('list', { name: 'Rules' }));
  const row = list.getByText(name).closest('li');
  if (!row) throw new Error(`There is no rule ${name}.`);
  return within(row);
}

test('tells each open alert with its rule, its detail and the way to its server', async () => {
  await openList([
    exampleAlert({ detail: 'exit code 1' }),
    exampleAlert({
      id: 'a-2',
      serverId: null,
      severity: 'info',
      acknowledged: { at: '2026-11-01T09:00:00.000Z', by: 'grace' },
      can: { acknowledge: false },
    }),
  ]);
  const [first, second] = within(await screen.findByRole('list', { name: 'Open' })).getAllByRole('listitem');
  expect(first?.textContent).toContain('Critical');
  expect(first?.textContent).toContain('exit code 1');
  const link = within(first ?? document.body).getByRole('link', { name: 'To the server' });
  expect(link.getAttribute('href')).toBe('/ui/servers/docs/logs');
  expect(second?.textContent).toContain('grace takes care of it');
  expect(within(second ?? document.body).queryByRole('button')).toBeNull();
  expect(within(second ?? document.body).queryByRole('link')).toBeNull();
});

test('takes care of one, and reads the list again', async () => {
  const { api, user } = await openList([exampleAlert()], { 'alerts.acknowledge': exampleAlert() });
  const before = api.sent('alerts.list').length;
  await user.click(await screen.findByRole('button', { name: 'I take care of it: Docs does not run.' }));
  await screen.findByText('Nobody is told of it again');
  expect(api.sent('alerts.acknowledge')).toEqual([{ id: 'a-1' }]);
  expect(api.sent('alerts.list').length).toBeGreaterThan(before);
});

test('says that somebody was faster', async () => {
  const { user } = await openList([exampleAlert()], {
    'alerts.acknowledge': refuse('conflict', 'grace takes care of it already.'),
  });
  await user.click(await screen.findByRole('button', { name: /^I take care of it/ }));
  await screen.findByText('grace takes care of it already.');
});

test.each([
  ['', 'Nothing needs you'],
  ['?tab=resolved', 'Nothing needed anybody yet'],
])('says that there is none (%s)', async (search, told) => {
  await openList([], {}, search);
  await screen.findByText(told);
});

test('filters by severity and by what is over, in the address', async () => {
  const { api, user, address } = await openList([]);
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Severity' }), 'Warning');
  await expect.poll(address).toBe('/alerts?severity=warning');
  await user.click(screen.getByRole('radio', { name: 'Over' }));
  await expect.poll(() => api.sent('alerts.list').at(-1)).toMatchObject({ state: 'resolved', severity: 'warning' });
});

test('reads on where there are more', async () => {
  const { api, user } = await openList([exampleAlert()], {
    'alerts.list': ({ cursor }) =>
      cursor === undefined
        ? { items: [exampleAlert()], nextCursor: 'c-2' }
        : {
            items: [exampleAlert({ id: 'a-9', reason: { code: 'x', params: {}, text: 'Mail does not run.' } })],
            nextCursor: null,
          },
  });
  await user.click(await screen.findByRole('button', { name: /more/i }));
  await screen.findByText('Mail does not run.');
  expect(screen.getByText('Docs does not run.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /more/i })).toBeNull();
  expect(api.sent('alerts.list').at(-1)).toMatchObject({ cursor: 'c-2' });
});

test('asks again where the alerts did not come', async () => {
  const { api, user } = await openList([], { 'alerts.list': refuse('internal', 'Something went wrong.') });
  await screen.findByText('The alerts could not be loaded');
  api.answer('alerts.list', { items: [exampleAlert()], nextCursor: null });
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('Docs does not run.');
});

test('shows rules to nobody who may not manage them, whatever the address says', async () => {
  const { api } = await openPage('/alerts?tab=rules', {
    me: exampleMe({ can: { manageAlerts: false } }),
    answers: { 'alerts.list': { items: [], nextCursor: null } },
  });
  await screen.findByText('Nothing needs you');
  expect(screen.queryByRole('radio', { name: 'Rules' })).toBeNull();
  expect(api.sent('alerts.rules')).toEqual([]);
});

test('says in words what each rule looks at', async () => {
  await openRules();
  expect((await ruleRow('A server does not run')).getByText('every server')).toBeTruthy();
  const words =
    'Calls of a server are slow · 800 ms · within 1 minute · for 2 minutes · docs · quiet from 22:00 to 07:00';
  expect((await ruleRow('Docs are slow')).getByText(words)).toBeTruthy();
});

test('counts minutes in Chinese without a plural', async () => {
  await openPage('/alerts?tab=rules', { language: 'zh-CN', answers: { 'alerts.rules': [slow] } });
  const row = (await screen.findByText('Docs are slow')).closest('li');
  expect(row?.textContent).toContain('800');
  expect(row?.textContent).not.toMatch(/minute|within/);
});

test('switches a rule off, and leaves the ones that came with the hub in place', async () => {
  const { api, user } = await openRules({ 'alerts.changeRule': exampleRule({ enabled: false }) });
  const row = await ruleRow('A server does not run');
  expect(row.queryByRole('button', { name: /^Remove/ })).toBeNull();
  await user.click(row.getByRole('switch', { name: 'A server does not run: switched on' }));
  expect(api.sent('alerts.changeRule')).toEqual([{ id: 'r-1', enabled: false }]);
});

test('removes a rule of one’s own after the question', async () => {
  const { api, user } = await openRules({ 'alerts.removeRule': nothing });
  await user.click((await ruleRow('Docs are slow')).getByRole('button', { name: 'Remove Docs are slow' }));
  const question = await findDialog('Remove Docs are slow?', 'alertdialog');
  expect(question.getByText('Its alerts go too, those that are over included.')).toBeTruthy();
  await user.click(question.getByRole('button', { name: 'Remove rule' }));
  await expect.poll(() => api.sent('alerts.removeRule')).toEqual([{ id: 'r-2' }]);
});

test('makes a rule of the kind that is chosen, with the usual threshold of that kind', async () => {
  const { api, user } = await openRules({ 'alerts.createRule': slow });
  await user.click(await screen.findByRole('button', { name: 'New rule' }));
  const dialog = await findDialog('New rule');
  expect(dialog.getByRole('button', { name: 'Create' })).toHaveProperty('disabled', true);
  expect(dialog.queryByLabelText(/^Threshold/)).toBeNull();
  await user.type(dialog.getByLabelText(/^Name/), 'Many fail');
  await user.selectOptions(dialog.getByLabelText('What it looks at'), 'Many calls of a server fail');
  expect(dialog.getByLabelText('Threshold, in percent')).toHaveProperty('value', '20');
  await user.selectOptions(dialog.getByLabelText('Server'), 'mail');
  await user.clear(dialog.getByLabelText('Has to last'));
  await user.type(dialog.getByLabelText('Has to last'), '3');
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  await screen.findByText('Saved');
  expect(api.sent('alerts.createRule')).toEqual([
    {
      kind: 'error-rate',
      name: 'Many fail',
      severity: 'warning',
      serverId: 'mail',
      threshold: 20,
      windowMinutes: 5,
      forMinutes: 3,
      quiet: null,
    },
  ]);
});

test('asks for quiet hours only where they are switched on', async () => {
  const { api, user } = await openRules({ 'alerts.createRule': waiting });
  await user.click(await screen.findByRole('button', { name: 'New rule' }));
  const dialog = await findDialog('New rule');
  await user.type(dialog.getByLabelText(/^Name/), 'x');
  expect(dialog.queryByLabelText('From')).toBeNull();
  await user.click(dialog.getByRole('switch', { name: 'Quiet hours' }));
  await user.clear(dialog.getByLabelText('Time zone'));
  await user.type(dialog.getByLabelText('Time zone'), 'Asia/Shanghai');
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  const quiet = { from: '22:00', until: '07:00', timeZone: 'Asia/Shanghai' };
  expect(api.sent('alerts.createRule')[0]?.quiet).toEqual(quiet);
});

test('changes a rule without its kind, and shows what was refused at its field', async () => {
  const refusal = refuse('invalid', 'The rule was not saved.', { fields: { threshold: 'Must be at least 1.' } });
  const { api, user } = await openRules({ 'alerts.changeRule': refusal });
  await user.click((await ruleRow('Docs are slow')).getByRole('button', { name: 'Edit Docs are slow' }));
  const dialog = await findDialog('Edit Docs are slow');
  expect(dialog.queryByLabelText('What it looks at')).toBeNull();
  const threshold = dialog.getByLabelText('Slower than, in milliseconds');
  await user.clear(threshold);
  await user.type(threshold, '0');
  await user.click(dialog.getByRole('button', { name: 'Save changes' }));
  await dialog.findByText('Must be at least 1.');
  expect(threshold.getAttribute('aria-invalid')).toBe('true');
  expect(api.sent('alerts.changeRule')[0]).toMatchObject({ id: 'r-2', threshold: 0, serverId: 'docs' });
  expect(api.sent('alerts.changeRule')[0]).not.toHaveProperty('kind');
});
