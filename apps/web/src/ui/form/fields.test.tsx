// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { renderPage } from '../../testing/render-page.tsx';
import { Choices, type Choice } from './choices.tsx';
import { Field } from './field.tsx';
import { FormDialog } from './form-dialog.tsx';
import { Input, SearchInput, SecretInput } from './input.tsx';
import { fromPairs, PairsEditor, toPairs, type Pair } from './pairs-editor.tsx';
import { Segmented } from './segmented.tsx';

describe('a field', () => {
  test('ties its label, hint and error to what is inside', async () => {
    await renderPage(
      <Field required label="Name" hint="As it is called." error="Taken.">
        <Input defaultValue="x" />
      </Field>,
    );
    const input = screen.getByLabelText(/^Name/);
    const described = (input.getAttribute('aria-describedby') ?? '').split(' ');
    expect(described.map((id) => document.getElementById(id)?.textContent)).toEqual(['As it is called.', 'Taken.']);
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(input.getAttribute('aria-required')).toBe('true');
  });

  test.each([null, undefined, ''])('is not wrong where its error is %j', async (error) => {
    await renderPage(
      <Field label="Name" error={error}>
        <Input />
      </Field>,
    );
    expect(screen.getByLabelText('Name').getAttribute('aria-invalid')).toBeNull();
    expect(screen.getByLabelText('Name').getAttribute('aria-describedby')).toBeNull();
  });

  test('keeps a secret to itself until it is shown', async () => {
    const { user } = await renderPage(
      <Field label="Token">
        <SecretInput defaultValue="s3cret" />
      </Field>,
    );
    const input = screen.getByLabelText('Token');
    await user.click(screen.getByRole('button', { name: 'Show' }));
    expect(input.getAttribute('type')).toBe('text');
    expect(screen.getByRole('button', { name: 'Hide' }).getAttribute('aria-pressed')).toBe('true');
  });
});

/** A search whose value follows a moment later, as one in the address does. */
function LateSearch({ told }: { told: (text: string) => void }) {
  const [value, setValue] = useState('');
  function change(next: string) {
    told(next);
    setTimeout(() => setValue(next), 20);
  }
  return <SearchInput label="Search" value={value} onChange={change} />;
}

describe('a search', () => {
  test('keeps letters that are typed before its value has followed', async () => {
    const told = vi.fn();
    const { user } = await renderPage(<LateSearch told={told} />);
    const input = screen.getByRole('searchbox', { name: 'Search' });
    await user.type(input, 'docs');
    expect(input).toHaveProperty('value', 'docs');
    expect(told.mock.calls.flat()).toEqual(['d', 'do', 'doc', 'docs']);
    await user.click(screen.getByRole('button', { name: 'Clear' }));
    await waitFor(() => expect(input).toHaveProperty('value', ''));
    expect(screen.queryByRole('button', { name: 'Clear' })).toBeNull();
  });

  test('takes what it is given once nobody types', async () => {
    function Given() {
      const [value, setValue] = useState('old');
      return (
        <>
          <SearchInput label="Search" value={value} onChange={() => undefined} />
          <button type="button" onClick={() => setValue('new')}>
            Change
          </button>
        </>
      );
    }
    const { user } = await renderPage(<Given />);
    const input = screen.getByRole('searchbox', { name: 'Search' });
    await user.type(input, '!');
    expect(input).toHaveProperty('value', 'old!');
    await user.click(screen.getByRole('button', { name: 'Change' }));
    expect(input).toHaveProperty('value', 'new');
  });
});

describe('choices', () => {
  const few: Choice[] = [
    { value: 'a', label: 'Alpha' },
    { value: 'b', label: 'Beta', hint: 'The second.', disabled: true },
  ];
  const many: Choice[] = Array.from({ length: 9 }, (_, at) => ({
    value: `v${at}`,
    label: `Value ${at}`,
    text: `Value ${at} word${at}`,
  }));

  test('add and take away, and leave out what is disabled', async () => {
    const onChange = vi.fn();
    const { user } = await renderPage(<Choices legend="Letters" options={few} value={['b']} onChange={onChange} />);
    await user.click(screen.getByRole('checkbox', { name: 'Alpha' }));
    await user.click(screen.getByRole('checkbox', { name: 'Beta' }));
    expect(onChange.mock.calls).toEqual([[['b', 'a']]]);
    expect(screen.queryByRole('searchbox')).toBeNull();
  });

  test('are searched where there are many, and keep what is not shown', async () => {
    const onChange = vi.fn();
    const { user } = await renderPage(<Choices legend="Values" options={many} value={['v1']} onChange={onChange} />);
    await user.type(screen.getByRole('searchbox', { name: 'Search' }), 'WORD3');
    expect(screen.getAllByRole('checkbox')).toHaveLength(1);
    await user.click(screen.getByRole('checkbox', { name: 'Value 3' }));
    expect(onChange).toHaveBeenCalledWith(['v1', 'v3']);
    await user.type(screen.getByRole('searchbox', { name: 'Search' }), 'x');
    expect(screen.getByText('No results for this search')).toBeTruthy();
  });

  test('say that there is nothing to choose from', async () => {
    await renderPage(
      <Choices legend="Values" options={[]} value={[]} onChange={vi.fn()} none="None there." error="Choose one." />,
    );
    expect(screen.getByText('None there.')).toBeTruthy();
    expect(screen.getByText('Choose one.')).toBeTruthy();
  });

  test('cannot be changed where they are only shown', async () => {
    await renderPage(<Choices disabled legend="Letters" options={few} value={['a']} onChange={vi.fn()} />);
    for (const box of screen.getAllByRole('checkbox')) expect(box).toHaveProperty('disabled', true);
  });
});

describe('names and values', () => {
  function Editor({ start, reveal }: { start: Pair[]; reveal?: (name: string) => Promise<string> }) {
    const [pairs, setPairs] = useState(start);
    return (
      <>
        <PairsEditor legend="Variables" namePlaceholder="NAME" pairs={pairs} onChange={setPairs} onReveal={reveal} />
        <output>{JSON.stringify(fromPairs(pairs))}</output>
      </>
    );
  }

  test.each([
    [[], {}],
    [[{ name: ' A ', value: ' 1 ' }], { A: ' 1 ' }],
    [[{ name: '', value: 'lost' }], {}],
    [
      [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
      { A: '2' },
    ],
  ])('of %j are %j', (pairs, record) => {
    expect(fromPairs(pairs)).toEqual(record);
  });

  test('go there and back', () => {
    const record = { A: '1', B: '' };
    expect(fromPairs(toPairs(record))).toEqual(record);
  });

  test('are added, changed and taken away', async () => {
    const { user } = await renderPage(<Editor start={[{ name: 'A', value: '1' }]} />);
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await user.type(screen.getByRole('textbox', { name: 'Name 2' }), 'B');
    await user.type(screen.getByRole('textbox', { name: 'Value of B' }), '2');
    await user.click(screen.getByRole('button', { name: 'Remove A' }));
    expect(document.querySelector('output')?.textContent).toBe('{"B":"2"}');
  });

  test('show a stored value only when asked, and put it where it belongs', async () => {
    const reveal = vi.fn(() => Promise.resolve('s3cret'));
    const { user } = await renderPage(
      <Editor
        start={[
          { name: 'OPEN', value: '1' },
          { name: 'KEY', value: '***' },
        ]}
        reveal={reveal}
      />,
    );
    const reveals = screen.getAllByRole('button', { name: 'Reveal' });
    expect(reveals).toHaveLength(1);
    await user.click(reveals[0] ?? document.body);
    await screen.findByDisplayValue('s3cret');
    expect(reveal).toHaveBeenCalledWith('KEY');
    expect(screen.queryByRole('button', { name: 'Reveal' })).toBeNull();
  });
});

describe('one of a few', () => {
  test('stays chosen where it is pressed again', async () => {
    const onChange = vi.fn();
    const options = [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ];
    const { user } = await renderPage(<Segmented label="Letter" value="a" options={options} onChange={onChange} />);
    await user.click(screen.getByRole('radio', { name: 'A' }));
    expect(onChange).not.toHaveBeenCalled();
    await user.click(screen.getByRole('radio', { name: 'B' }));
    expect(onChange).toHaveBeenCalledWith('b');
  });
});

describe('a form in a dialog', () => {
  async function show(more: { incomplete?: boolean; problem?: string | null; busy?: boolean } = {}) {
    const onSubmit = vi.fn();
    const onClose = vi.fn();
    const page = await renderPage(
      <FormDialog
        open
        title="New note"
        action="Create"
        busy={more.busy ?? false}
        incomplete={more.incomplete ?? false}
        problem={more.problem ?? null}
        onSubmit={onSubmit}
        onClose={onClose}
      >
        <Field label="Text">
          <Input data-autofocus />
        </Field>
      </FormDialog>,
    );
    return { ...page, onSubmit, onClose, dialog: within(screen.getByRole('dialog', { name: 'New note' })) };
  }

  test('has the focus where one types, and sends with Enter', async () => {
    const { user, onSubmit } = await show();
    expect(document.activeElement).toBe(screen.getByLabelText('Text'));
    await user.keyboard('x{Enter}');
    expect(onSubmit).toHaveBeenCalledOnce();
  });

  test('cannot be sent before it is complete', async () => {
    const { dialog } = await show({ incomplete: true });
    expect(dialog.getByRole('button', { name: 'Create' })).toHaveProperty('disabled', true);
  });

  test('says why it was refused', async () => {
    const { dialog } = await show({ problem: 'Taken.' });
    expect(dialog.getByRole('alert').textContent).toContain('Taken.');
  });

  test.each(['Cancel', 'Close'])('is closed with %s, and sends nothing', async (name) => {
    const { user, dialog, onClose, onSubmit } = await show();
    await user.click(dialog.getByRole('button', { name }));
    expect(onClose).toHaveBeenCalledOnce();
    expect(onSubmit).not.toHaveBeenCalled();
  });
});
