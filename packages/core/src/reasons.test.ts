import { expect, it } from 'vitest';
import { runtimeSentences } from '@switchboard/mcp-runtime/reasons';
import { DomainError, invalidField } from './errors.ts';
import { coreSentences, say, sentenceTables } from './reasons.ts';

it('has each code once, in one of its tables', () => {
  const codes = [runtimeSentences, ...sentenceTables].flatMap((table) => Object.keys(table));
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
  const own = sentenceTables.flatMap((table) => Object.keys(table));
  expect(Object.keys(coreSentences).toSorted()).toEqual(own.toSorted());
});

it('makes the message of a refusal of its reason', () => {
  const refusal = new DomainError('not_found', say('noUser', { id: 'ann' }), { value: 'ann' });
  expect(refusal.message).toBe("User 'ann' does not exist.");
  expect(refusal.reason).toMatchObject({ code: 'noUser', params: { id: 'ann' } });
});

it('makes the message of a field at fault, and tells the fault alone beside the field', () => {
  const why = say('passwordIsName');
  const { message, details } = invalidField('password', why);
  expect(message).toBe('password: must not be the user name');
  expect(details).toMatchObject({ field: 'password', errors: [{ field: 'password', message: why.text, why }] });
});
