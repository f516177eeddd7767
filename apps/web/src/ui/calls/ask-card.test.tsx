// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderPage } from '../../testing/render-page.tsx';
import { AskCard } from './ask-card.tsx';
import type { AskProps } from './ask-frame.tsx';

async function ask(method: string, params: AskProps['ask']['params'], more: Partial<AskProps> = {}) {
  const onAnswer = vi.fn<AskProps['onAnswer']>(() => Promise.resolve());
  const page = await renderPage(
    <AskCard ask={{ askId: 'a-1', method, params }} serverId="docs" onAnswer={onAnswer} {...more} />,
  );
  return { ...page, onAnswer };
}

const form = {
  message: 'Which city?',
  requestedSchema: {
    type: 'object',
    properties: {
      city: { type: 'string', title: 'City', minLength: 2 },
      days: { type: 'integer', title: 'Days', default: 3 },
    },
    required: ['city'],
  },
};

test('asks for what the schema needs, and sends only what fits it', async () => {
  const { user, onAnswer } = await ask('elicitation/create', form);
  expect(screen.getByText('Which city?')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Send' }));
  expect(onAnswer).not.toHaveBeenCalled();
  const city = screen.getByLabelText(/^City/);
  expect(city.getAttribute('aria-invalid')).toBe('true');
  await user.type(city, 'Rome');
  await user.click(screen.getByRole('button', { name: 'Send' }));
  expect(onAnswer).toHaveBeenCalledWith({ result: { action: 'accept', content: { city: 'Rome', days: 3 } } });
});

test.each([
  ['Decline', 'decline'],
  ['Dismiss', 'cancel'],
])('takes %s without what was typed', async (name, action) => {
  const { user, onAnswer } = await ask('elicitation/create', form);
  await user.type(screen.getByLabelText(/^City/), 'R');
  await user.click(screen.getByRole('button', { name }));
  expect(onAnswer).toHaveBeenCalledWith({ result: { action } });
});

test('says where the answer was not taken', async () => {
  const onAnswer = vi.fn(() => Promise.reject(new Error('The call is over.')));
  const { user } = await ask('elicitation/create', form, { onAnswer });
  await user.click(screen.getByRole('button', { name: 'Decline' }));
  await screen.findByText('The call is over.');
});

test('opens a page only where it is in the web, and tells the server that it was opened', async () => {
  const { user, onAnswer } = await ask('elicitation/create', {
    mode: 'url',
    message: 'Pay.',
    url: 'https://pay.example.com/1',
  });
  const link = screen.getByRole('link', { name: 'Open the page' });
  expect(link.getAttribute('href')).toBe('https://pay.example.com/1');
  expect(link.getAttribute('rel')).toBe('noopener noreferrer nofollow');
  link.addEventListener('click', (event) => event.preventDefault());
  await user.click(link);
  expect(onAnswer).toHaveBeenCalledWith({ result: { action: 'accept' } });
});

test.each(['javascript:alert(1)', 'file:///etc/passwd', 'no address'])('makes no link of %s', async (url) => {
  await ask('elicitation/create', { mode: 'url', message: 'Go.', url });
  expect(screen.queryByRole('link')).toBeNull();
  expect(screen.getByText(url)).toBeTruthy();
  expect(screen.getByText(/^This is not a web address/)).toBeTruthy();
});

const sampling = { systemPrompt: 'Be brief.', messages: [{ role: 'user', content: { type: 'text', text: 'Hello?' } }] };

test('lets a person play the model', async () => {
  const { user, onAnswer } = await ask('sampling/createMessage', sampling);
  expect(screen.getByText('Be brief.')).toBeTruthy();
  expect(await screen.findByText('Hello?')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Let the model answer' })).toBeNull();
  expect(screen.getByRole('button', { name: 'Send' })).toHaveProperty('disabled', true);
  await user.type(screen.getByLabelText(/^Your answer as the model/), 'Hi.');
  await user.click(screen.getByRole('button', { name: 'Send' }));
  expect(onAnswer).toHaveBeenCalledWith({
    result: { role: 'assistant', content: { type: 'text', text: 'Hi.' }, model: 'human', stopReason: 'endTurn' },
  });
});

test('lets the model of the conversation answer', async () => {
  const onModel = vi.fn(() => Promise.resolve());
  const { user, onAnswer } = await ask('sampling/createMessage', sampling, { onModel });
  await user.click(screen.getByRole('button', { name: 'Let the model answer' }));
  expect(onModel).toHaveBeenCalledOnce();
  expect(onAnswer).not.toHaveBeenCalled();
});

test('gives folders line by line, or none', async () => {
  const { user, onAnswer } = await ask('roots/list', {});
  await user.type(screen.getByLabelText('Root URIs, one a line'), 'file:///a\n\n file:///b ');
  await user.click(screen.getByRole('button', { name: 'Send' }));
  expect(onAnswer).toHaveBeenCalledWith({ result: { roots: [{ uri: 'file:///a' }, { uri: 'file:///b' }] } });
});

test('asks for anything where a server names no schema', async () => {
  const { user, onAnswer } = await ask('elicitation/create', { message: 'Sure?', requestedSchema: 'nonsense' });
  await user.click(screen.getByRole('button', { name: 'Send' }));
  expect(onAnswer).toHaveBeenCalledWith({ result: { action: 'accept', content: {} } });
});
