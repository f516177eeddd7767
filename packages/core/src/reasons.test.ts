import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runtimeSentences } from '@switchboard/mcp-runtime/reasons';
import { DomainError, invalidField } from './errors.ts';
import { commonSentences, coreSentences, say } from './reasons.ts';

async function tablesOfEntities(): Promise<object[]> {
  const files = await readdir(import.meta.dirname, { recursive: true });
  const tables = files.filter((file) => /^\w+[\\/]reasons\.ts$/.test(file));
  const modules = await Promise.all(tables.map((file) => import(path.join(import.meta.dirname, file))));
  return modules.flatMap((each: Record<string, object>) => Object.values(each));
}

it('has each code of each entity, and none twice', async () => {
  const codes = (await tablesOfEntities()).flatMap((table) => Object.keys(table));
  expect(codes.length).toBeGreaterThan(200);
  expect(codes.filter((code) => !(code in coreSentences))).toEqual([]);
  const all = [...codes, ...Object.keys(commonSentences), ...Object.keys(runtimeSentences)];
  expect(all.filter((code, at) => all.indexOf(code) !== at)).toEqual([]);
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
