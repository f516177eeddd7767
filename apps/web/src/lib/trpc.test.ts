import { TRPCClientError } from '@trpc/client';
import type { TFunction } from 'i18next';
import { describe, expect, test } from 'vitest';
import { fieldMessage, isUnreachable, needsCode, toFailure } from './trpc.ts';

/** Words of no language: what stands for a code, else the hub's own text. */
const t = ((key: string, { defaultValue }: { defaultValue: string }) =>
  key === 'reasons:known' ? 'Translated.' : defaultValue) as unknown as TFunction;

function refused(data: object | null, message = 'Refused.') {
  return TRPCClientError.from({ error: { code: -32_600, message, data } });
}

describe('what went wrong', () => {
  test('is told in the words of the reader where the hub gave a code', () => {
    const why = { code: 'known', params: {}, text: 'Refused.' };
    expect(toFailure(refused({ code: 'CONFLICT', why }), t)).toMatchObject({
      code: 'CONFLICT',
      message: 'Translated.',
    });
    const unknown = { ...why, code: 'newer' };
    expect(toFailure(refused({ code: 'CONFLICT', why: unknown }), t).message).toBe('Refused.');
  });

  test('names fields with their own words', () => {
    const fields = [
      { field: 'name', message: 'Taken.', why: { code: 'known', params: {}, text: 'Taken.' } },
      { field: 'url', message: 'Is no address.', why: null },
    ];
    expect(toFailure(refused({ code: 'BAD_REQUEST', fields }), t).fields).toEqual([
      { field: 'name', message: 'Translated.' },
      { field: 'url', message: 'Is no address.' },
    ]);
  });

  test.each([
    [new Error('Broken'), 'Broken'],
    ['only text', 'only text'],
    [null, 'null'],
  ])('has no code where it is no answer of the hub: %s', (error, message) => {
    expect(toFailure(error, t)).toEqual({ message, code: null, fields: [] });
  });
});

describe('a hub', () => {
  test.each([
    ['that could not be reached', TRPCClientError.from(new TypeError('Failed to fetch')), true],
    ['that answered without data', refused(null), true],
    ['that refused', refused({ code: 'FORBIDDEN' }), false],
    ['that has nothing to do with it', new Error('x'), false],
  ])('%s is away: %s', (_name, error, away) => {
    expect(isUnreachable(error)).toBe(away);
  });

  test.each([
    [refused({ mfaRequired: true }), true],
    [refused({ mfaRequired: false }), false],
    [refused({ mfaRequired: 'yes' }), false],
    [refused(null), false],
    [new Error('x'), false],
  ])('asks for a second factor only where it says so (%#)', (error, asked) => {
    expect(needsCode(error)).toBe(asked);
  });
});

describe('a field of a form', () => {
  const failure = {
    message: '',
    code: null,
    fields: [
      { field: 'draft.name', message: 'Taken.' },
      { field: 'patch.limits.idleMs', message: 'Too long.' },
      { field: 'argsList', message: 'No list.' },
    ],
  };

  test.each([
    ['name', 'Taken.'],
    ['limits', 'Too long.'],
    ['limits.idleMs', 'Too long.'],
    ['args', null],
    ['lim', null],
    ['draft', null],
  ])('%s is told: %s', (field, message) => {
    expect(fieldMessage(failure, field)).toBe(message);
  });

  test('is told nothing where nothing failed', () => {
    expect(fieldMessage(null, 'name')).toBeNull();
  });
});
