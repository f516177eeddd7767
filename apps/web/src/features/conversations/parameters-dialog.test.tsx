// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { exampleRound } from '../../testing/chat-things.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { ParametersDialog } from './parameters-dialog.tsx';
import type { Model, Settings } from './types.ts';
import type { ChatSettings } from './use-settings.ts';

const models = ['fast', 'large', 'closed'].map(
  (name) => ({ id: name, name, can: { use: name !== 'closed' } }) as Model,
);

async function show(changes: Partial<Settings> = {}) {
  const settings: Settings = { ...exampleRound().settings, ...changes };
  const change = vi.fn();
  const onClose = vi.fn();
  const of = { settings, models, change } as unknown as ChatSettings;
  const page = await renderPage(<ParametersDialog settings={of} onClose={onClose} />, {
    answers: { 'conversations.presets': [] },
  });
  return { ...page, change, onClose, use: screen.getByRole('button', { name: /next message/ }) };
}

test('uses what is filled in from the next message, and keeps other options', async () => {
  const { user, change, onClose, use } = await show({ options: { top_p: 0.5, temperature: 1 } });
  await user.type(screen.getByLabelText('System prompt'), 'Be brief.');
  const temperature = screen.getByLabelText('Temperature');
  expect(temperature).toHaveProperty('value', '1');
  await user.clear(temperature);
  await user.type(screen.getByLabelText('Maximum tokens of an answer'), '500');
  await user.selectOptions(screen.getByLabelText('Fallback model'), 'large');
  await user.click(use);
  expect(change).toHaveBeenCalledWith(
    expect.objectContaining({
      systemPrompt: 'Be brief.',
      fallback: 'large',
      options: { top_p: 0.5, max_tokens: 500 },
    }),
  );
  expect(onClose).toHaveBeenCalledOnce();
});

test.each([
  ['Temperature', '2.5', 'A number from 0 to 2.'],
  ['Temperature', 'warm', 'A number from 0 to 2.'],
  ['Maximum tokens of an answer', '0', 'A whole number from 1 to 10,000,000.'],
  ['Maximum tokens of an answer', '1.5', 'A whole number from 1 to 10,000,000.'],
])('takes no %s of %s', async (label, typed, problem) => {
  const { user, use, change } = await show();
  await user.type(screen.getByLabelText(label), typed);
  expect(screen.getByText(problem)).toBeTruthy();
  expect(use).toHaveProperty('disabled', true);
  expect(change).not.toHaveBeenCalled();
});

test('offers as a fallback other models that may be used', async () => {
  await show();
  const options = [...screen.getByLabelText<HTMLSelectElement>('Fallback model').options].map(({ text }) => text);
  expect(options).toEqual(['None', 'large']);
});

test('changes nothing where it is closed', async () => {
  const { user, change, onClose } = await show();
  await user.type(screen.getByLabelText('System prompt'), 'x');
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(onClose).toHaveBeenCalledOnce();
  expect(change).not.toHaveBeenCalled();
});
