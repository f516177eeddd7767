// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { exampleRound } from '../../testing/chat-things.ts';
import { refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { renderPage } from '../../testing/render-page.tsx';
import type { Question, Round } from '../../ui/rounds/types.ts';
import { RoundView } from './round-view.tsx';

const used = { tokensIn: 1, tokensOut: 2, cost: 0, estimated: false };
const call = { id: 'c1', type: 'function' as const, function: { name: 'docs__search', arguments: '{"q":"x"}' } };
const tool = { server: 'docs', name: 'search', title: 'Search the docs', readOnly: true };
const going: Partial<Round> = { state: 'running', messages: [], endedAt: null, finish: null };

async function show(
  round: Partial<Round>,
  options: { answers?: Answers; isLast?: boolean; canWrite?: boolean; isBusy?: boolean } = {},
) {
  const actions = { edit: vi.fn(), again: vi.fn(), select: vi.fn(), goOn: vi.fn() };
  const shown = exampleRound({ ...round, messages: [...(round.messages ?? exampleRound().messages)] });
  const page = await renderPage(
    <RoundView
      round={shown}
      isLast={options.isLast ?? true}
      canWrite={options.canWrite ?? true}
      isBusy={options.isBusy ?? false}
      actions={actions}
    />,
    { answers: { 'conversations.follow': [], ...options.answers } },
  );
  await screen.findByText(shown.content);
  return { ...page, actions, round: shown };
}

async function asked(question: Question, answers: Answers = {}, canWrite = true) {
  const ask = { type: 'ask' as const, seq: 3, askId: 'a-1', question };
  const page = await show(going, {
    canWrite,
    answers: {
      'conversations.follow': [
        {
          type: 'answer',
          seq: 1,
          turn: 1,
          model: 'm',
          message: { role: 'assistant', content: '', tool_calls: [call] },
          finish: 'tool_calls',
          used,
        },
        { type: 'call', seq: 2, turn: 1, call, tool },
        ask,
      ],
      ...answers,
    },
  });
  return page;
}

const approval: Question = {
  type: 'approval',
  callId: 'c1',
  server: 'docs',
  tool: 'search',
  title: 'Search the docs',
  arguments: { q: 'x' },
  readOnly: false,
  destructive: true,
};

test('shows what was said, the answer as text with its marks, and what it took', async () => {
  await show({});
  expect((await screen.findByText('computes')).tagName).toBe('STRONG');
  // The answer says whose it is, and what it took.
  expect(screen.getAllByText('fast-2026')).toHaveLength(2);
  expect(screen.getByText('2 sec')).toBeTruthy();
  expect(screen.getByText('10 tokens in, 4 out')).toBeTruthy();
});

test('answers again and edits, unless something is answered now', async () => {
  const { actions, round, user } = await show({});
  await user.click(screen.getByRole('button', { name: 'Answer again' }));
  await user.click(screen.getByRole('button', { name: 'Edit' }));
  expect(actions.again).toHaveBeenCalledWith(round);
  expect(actions.edit).toHaveBeenCalledWith(round);
});

test('lets nobody change what others are shown', async () => {
  await show({ siblings: ['r-0', 'r-1'] }, { canWrite: false });
  await screen.findByText('computes');
  expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Answer again' })).toBeNull();
  expect(screen.queryByRole('group', { name: 'Versions of this message' })).toBeNull();
});

test('waits while another answer comes', async () => {
  await show({ siblings: ['r-0', 'r-1'] }, { isBusy: true });
  for (const name of ['Edit', 'Answer again', 'Previous version'])
    expect(screen.getByRole('button', { name })).toHaveProperty('disabled', true);
});

test.each([
  [['r-1', 'r-2'], '1 / 2', null, 'r-2'],
  [['r-0', 'r-1'], '2 / 2', 'r-0', null],
  [['r-0', 'r-1', 'r-2'], '2 / 3', 'r-0', 'r-2'],
])('leads from one version to the others: %j', async (siblings, told, before, after) => {
  const { actions, user } = await show({ siblings });
  const versions = within(screen.getByRole('group', { name: 'Versions of this message' }));
  expect(versions.getByText(told)).toBeTruthy();
  for (const [name, id] of [
    ['Previous version', before],
    ['Next version', after],
  ] as const) {
    const button = versions.getByRole('button', { name });
    expect(button).toHaveProperty('disabled', id === null);
    await user.click(button);
    if (id !== null) expect(actions.select).toHaveBeenLastCalledWith(id);
  }
});

test.each([
  ['budgetSpent', 'Wait until the budget renews, or ask an admin to raise it.', true],
  ['noModel', 'Choose another model at the top, and try again.', false],
  ['answerCut', 'What had arrived is kept. Continue it, or try again.', false],
  ['providerAway', 'Try again, or choose another model at the top.', false],
])('says why there is no whole answer, and what to do: %s', async (code, hint, leadsToUse) => {
  const failure = { code, params: {}, text: 'It failed so.' };
  const { actions, user, round } = await show({ state: 'failed', failure });
  const alert = within(screen.getByRole('alert'));
  expect(alert.getByText('It failed so.')).toBeTruthy();
  expect(alert.getByText(hint)).toBeTruthy();
  expect(alert.queryByRole('link', { name: 'See usage' }) !== null).toBe(leadsToUse);
  await user.click(alert.getByRole('button', { name: 'Try again' }));
  expect(actions.again).toHaveBeenCalledWith(round);
});

test('continues an answer that ended in the middle, only where it is the last', async () => {
  const failure = { code: 'answerCut', params: {}, text: 'Cut.' };
  const { actions, user } = await show({ state: 'failed', failure, canContinue: true });
  await user.click(screen.getByRole('button', { name: 'Continue' }));
  expect(actions.goOn).toHaveBeenCalledWith('r-1');
});

test('does not offer to continue an earlier answer, and interrupts nobody for it', async () => {
  const failure = { code: 'answerCut', params: {}, text: 'Cut.' };
  await show({ state: 'failed', failure, canContinue: true }, { isLast: false });
  expect(screen.queryByRole('button', { name: 'Continue' })).toBeNull();
  expect(screen.queryByRole('alert')).toBeNull();
});

test.each([
  [{ state: 'cancelled' as const }, 'Stopped.'],
  [{ finish: 'length' }, /^Ended: the limit of tokens was reached/],
  [{ finish: 'calls' }, /^Ended: the limit of tool calls/],
])('says how an answer ended: %j', async (ended, told) => {
  await show(ended);
  expect(screen.getByText(told)).toBeTruthy();
});

test('follows an answer while it comes, word by word, and reads the conversation again at its end', async () => {
  const { api } = await show(going);
  await screen.findByText('Thinking…');
  await api.tell('conversations.follow', { type: 'delta', seq: 1, turn: 1, content: 'It com', reasoning: '' });
  await screen.findByText('It com');
  expect(screen.queryByText('Thinking…')).toBeNull();
  await api.tell('conversations.follow', { type: 'delta', seq: 2, turn: 1, content: 'putes.', reasoning: '' });
  await screen.findByText('It computes.', { selector: 'p' });
  expect(screen.queryByRole('button', { name: 'Answer again' })).toBeNull();
  await api.tell('conversations.follow', {
    type: 'end',
    state: 'failed',
    failure: { code: 'x', params: {}, text: 'It broke.' },
  } as never);
  await screen.findByRole('button', { name: 'Answer again' });
});

test('begins behind what it knows where it follows again', async () => {
  const { api } = await show(going);
  await expect.poll(() => api.sent('conversations.follow')).toEqual([{ runId: 'r-1', after: 0 }]);
});

test('tells screen readers whole sentences', async () => {
  const { api } = await show(going);
  await screen.findByText('Thinking…');
  await api.tell('conversations.follow', {
    type: 'delta',
    seq: 1,
    turn: 1,
    content: 'One is done. Two is',
    reasoning: '',
  });
  const live = await screen.findByText('One is done.');
  expect(live.getAttribute('aria-live')).toBe('polite');
});

test('asks before a tool is called: what it is called with, and for how long the answer holds', async () => {
  const { api, user } = await asked(approval, { 'conversations.answer': undefined as never });
  const question = within(await screen.findByRole('group', { name: 'Allow this tool call?' }));
  expect(question.getByText('Search the docs on docs would be called with:')).toBeTruthy();
  expect(question.getByText('Can delete or overwrite')).toBeTruthy();
  await user.selectOptions(question.getByRole('combobox'), 'in this conversation');
  await user.click(question.getByRole('button', { name: 'Allow' }));
  expect(api.sent('conversations.answer')).toEqual([
    { runId: 'r-1', askId: 'a-1', answer: { type: 'approval', allowed: true, remember: 'conversation' } },
  ]);
  await api.tell('conversations.follow', { type: 'answered', seq: 4, askId: 'a-1' } as never);
  await expect.poll(() => screen.queryByRole('group', { name: 'Allow this tool call?' })).toBeNull();
});

test('denies a call, and says where the answer came too late', async () => {
  const { api, user } = await asked(approval, {
    'conversations.answer': refuse('conflict', 'It was answered already.'),
  });
  const question = within(await screen.findByRole('group', { name: 'Allow this tool call?' }));
  await user.click(question.getByRole('button', { name: 'Deny' }));
  await question.findByText('It was answered already.');
  expect(api.sent('conversations.answer')[0]?.answer).toEqual({ type: 'approval', allowed: false, remember: 'once' });
});

test('lets readers of a conversation wait for its owner', async () => {
  await asked(approval, {}, false);
  await screen.findByText('The owner of this conversation is being asked about this call.');
  expect(screen.queryByRole('button', { name: 'Allow' })).toBeNull();
});

test.each([
  ['Call it again', { type: 'repeat', choice: 'repeat', text: '' }],
  ['Skip it', { type: 'repeat', choice: 'skip', text: 'It was 7.' }],
  ['Report it as failed', { type: 'repeat', choice: 'fail', text: '' }],
] as const)('asks what became of a call that was lost: %s', async (name, answer) => {
  const lost = { type: 'repeat', callId: 'c1', server: 'docs', tool: 'search' } as Question;
  const { api, user } = await asked(lost, { 'conversations.answer': waiting });
  const question = within(await screen.findByRole('group', { name: 'Was this call made?' }));
  await user.type(question.getByLabelText('Text for the model if you skip it'), 'It was 7.');
  await user.click(question.getByRole('button', { name }));
  expect(api.sent('conversations.answer')[0]?.answer).toEqual(answer);
});
