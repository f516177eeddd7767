import { describe, expect, it } from 'vitest';
import {
  argumentsSchema,
  emptyParameter,
  freeName,
  isWhole,
  newAction,
  toAction,
  toDraft,
  withHint,
} from './action-draft.ts';
import type { Action } from './types.ts';

const action: Action = {
  name: 'create_issue',
  displayName: 'Create an issue',
  description: 'Files an issue.',
  parameters: [
    { key: 'title', type: 'String', required: true, description: 'One line' },
    { key: 'priority', type: 'String', required: false, description: '', default: 'low', options: ['low', 'high'] },
    { key: 'count', type: 'Integer', required: false, description: '', default: 3, options: [1, 2, 3] },
    { key: 'tags', type: 'Array', required: false, description: '', items: { type: 'string' }, default: ['a'] },
  ],
  inputSchema: null,
  outputSchema: { type: 'object' },
  annotations: { title: 'Create', readOnlyHint: false },
  answers: [
    { mode: 'template', body: '{"id": {{ call.number }}}' },
    { mode: 'static', value: { ok: true } },
    { mode: 'model', model: null, cache: true },
    { mode: 'replay' },
  ],
  changes: '[]',
};

describe('an action in the editor', () => {
  it('is saved as it was where nothing was changed', () => {
    expect(toAction(toDraft(action, '0'))).toEqual(action);
  });

  it('keeps options apart that commas would not', () => {
    const options = ['a, b', 'c'];
    const parameter = { key: 'x', type: 'String', required: false, description: '', options };
    const draft = toDraft({ ...action, parameters: [parameter] }, '0');
    expect(toAction(draft).parameters?.[0]?.options).toEqual(options);
  });

  it('reads a default by its type', () => {
    function defaultOf(type: string, fallback: string) {
      const parameters = [{ ...emptyParameter, key: 'x', type, fallback }];
      return toAction({ ...toDraft(action, '0'), parameters }).parameters?.[0]?.default;
    }
    expect([defaultOf('String', '5'), defaultOf('Integer', '5'), defaultOf('Boolean', 'true')]).toEqual(['5', 5, true]);
    expect(defaultOf('Object', '{"a":1}')).toEqual({ a: 1 });
    expect(defaultOf('Integer', '')).toBeUndefined();
  });

  it('is not whole while a JSON text is not', () => {
    const draft = toDraft(action, '0');
    expect(isWhole(draft)).toBe(true);
    expect(isWhole({ ...draft, outputSchema: '' })).toBe(true);
    expect(isWhole({ ...draft, outputSchema: '[]' })).toBe(false);
    expect(isWhole({ ...draft, inputSchema: '{' })).toBe(false);
    expect(isWhole({ ...draft, answers: draft.answers.map((answer) => ({ ...answer, value: '{' })) })).toBe(false);
  });

  it('sets hints beside what else the annotations say', () => {
    const set = withHint(toDraft(action, '0'), 'destructiveHint', true);
    expect(set.annotations).toEqual({ title: 'Create', readOnlyHint: false, destructiveHint: true });
    const bare = withHint({ ...set, annotations: { destructiveHint: true } }, 'destructiveHint', false);
    expect(bare.annotations).toBeNull();
  });

  it('gets a name that is free', () => {
    const first = newAction('a', []);
    expect(freeName(first.name, [first])).toBe('action_2');
    expect(newAction('b', [first]).name).toBe('action_2');
  });
});

describe('the arguments of an action', () => {
  it('are what the table says', () => {
    expect(argumentsSchema(action)).toEqual({
      type: 'object',
      properties: {
        title: { type: 'string', description: 'One line' },
        priority: { type: 'string', enum: ['low', 'high'], default: 'low' },
        count: { type: 'integer', enum: [1, 2, 3], default: 3 },
        tags: { type: 'array', items: { type: 'string' }, default: ['a'] },
      },
      required: ['title'],
    });
  });

  it('are what the schema says where there is one', () => {
    const inputSchema = { properties: { a: { type: 'number' } } };
    expect(argumentsSchema({ ...action, inputSchema })).toEqual({ ...inputSchema, type: 'object' });
  });
});
