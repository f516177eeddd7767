// @vitest-environment happy-dom
import { fireEvent, screen, within } from '@testing-library/react';
import { useEffect, useState } from 'react';
import { expect, test, vi } from 'vitest';
import { renderPage } from '../../testing/render-page.tsx';
import { SchemaForm } from './schema-form.tsx';
import { initial, type Schema } from './schema.ts';
import { validate } from './validate.ts';

let value: unknown;

function shown(now: unknown): void {
  value = now;
}

function Form({ schema, onBroken }: { schema: Schema; onBroken?: (broken: boolean) => void }) {
  const [now, setNow] = useState<unknown>(() => initial(schema, schema, true) ?? {});
  const [tried, setTried] = useState(false);
  useEffect(() => shown(now), [now]);
  return (
    <>
      <SchemaForm
        schema={schema}
        value={now}
        onChange={setNow}
        problems={tried ? validate(schema, schema, now) : new Map()}
        {...(onBroken && { onBroken })}
      />
      <button type="button" onClick={() => setTried(true)}>
        Try
      </button>
    </>
  );
}

const trip: Schema = {
  type: 'object',
  required: ['city', 'days'],
  properties: {
    city: { type: 'string', title: 'City', description: 'Where to.' },
    days: { type: 'integer', title: 'Days', minimum: 1, maximum: 30 },
    window: { type: 'boolean', title: 'Window seat', default: true },
    meal: { type: 'string', title: 'Meal', enum: ['fish', 'rice'] },
  },
};

test('begins with what the schema says, and writes what is filled in by its type', async () => {
  const { user } = await renderPage(<Form schema={trip} />);
  expect(value).toMatchObject({ window: true });
  await user.type(screen.getByLabelText(/^City/), 'Rome');
  await user.type(screen.getByLabelText(/^Days/), '3');
  await user.selectOptions(screen.getByLabelText(/^Meal/), 'rice');
  expect(value).toMatchObject({ city: 'Rome', days: 3, meal: 'rice' });
  expect(screen.getByText('Where to.')).toBeTruthy();
});

test.each([
  ['', 'This is required.'],
  ['0', 'This must be at least 1.'],
  ['31', 'This must be at most 30.'],
  ['1.5', 'This must be a whole number.'],
])('says what is wrong with the days %j once somebody tried to send', async (typed, problem) => {
  const { user } = await renderPage(<Form schema={trip} />);
  await user.type(screen.getByLabelText(/^City/), 'Rome');
  if (typed !== '') await user.type(screen.getByLabelText(/^Days/), typed);
  expect(screen.queryByText(problem)).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Try' }));
  expect(screen.getByText(problem)).toBeTruthy();
  expect(screen.getByLabelText(/^Days/).getAttribute('aria-invalid')).toBe('true');
});

test('shows the same as JSON and back, with what was changed there', async () => {
  const { user } = await renderPage(<Form schema={trip} />);
  await user.type(screen.getByLabelText(/^City/), 'Rome');
  await user.click(screen.getByRole('radio', { name: 'JSON' }));
  const raw = screen.getByLabelText('Arguments');
  expect(JSON.parse((raw as HTMLTextAreaElement).value)).toMatchObject({ city: 'Rome' });
  fireEvent.change(raw, { target: { value: '{"city":"Oslo","days":2}' } });
  await user.click(screen.getByRole('radio', { name: 'Form' }));
  expect(screen.getByLabelText(/^City/)).toHaveProperty('value', 'Oslo');
});

test('tells that nothing may be sent while the JSON does not parse', async () => {
  const onBroken = vi.fn();
  const { user } = await renderPage(<Form schema={trip} onBroken={onBroken} />);
  await user.click(screen.getByRole('radio', { name: 'JSON' }));
  const raw = screen.getByLabelText('Arguments');
  await user.clear(raw);
  await user.click(raw);
  await user.paste('{"city":');
  expect(onBroken).toHaveBeenLastCalledWith(true);
  expect(screen.getByText(/^This is not JSON yet/)).toBeTruthy();
  await user.click(screen.getByRole('radio', { name: 'Form' }));
  expect(onBroken).toHaveBeenLastCalledWith(false);
});

test.each([['nothing is taken', { type: 'object', properties: {}, additionalProperties: false }]])(
  'says where %s',
  async (_name, schema) => {
    await renderPage(<Form schema={schema} />);
    expect(screen.getByText('It takes no arguments.')).toBeTruthy();
    expect(screen.queryByRole('textbox')).toBeNull();
  },
);

test('asks for anything as JSON where a schema says nothing', async () => {
  await renderPage(<Form schema={{}} />);
  expect(screen.getByLabelText('Arguments')).toBeTruthy();
});

const list: Schema = {
  type: 'object',
  properties: { tags: { type: 'array', title: 'Tags', items: { type: 'string' } } },
};

test('adds entries to a list and takes them away', async () => {
  const { user } = await renderPage(<Form schema={list} />);
  const adders = screen.getAllByRole('button', { name: /^Add/ });
  await user.click(adders[0] ?? document.body);
  const add = screen.queryByRole('button', { name: 'Add an entry' });
  if (add && screen.queryAllByRole('textbox').length === 0) await user.click(add);
  const [first] = screen.getAllByRole('textbox');
  await user.type(first ?? document.body, 'red');
  expect(value).toEqual({ tags: ['red'] });
  await user.click(within(screen.getByRole('main')).getAllByRole('button', { name: /^Remove/ })[0] ?? document.body);
  expect(value).not.toEqual({ tags: ['red'] });
});
