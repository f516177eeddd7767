import { expect, it } from 'vitest';
import { createTestRuntime, specOf } from '../testing.ts';

it('a throw on what a server says ends that connection alone, with the reason in its log', async () => {
  await using it = createTestRuntime();
  it.apply(specOf('odd'), specOf('other'));
  await Promise.all([it.running('odd'), it.running('other')]);
  const before = it.servers.last('odd');
  const other = it.servers.last('other');
  // Past the gate: what no link hands over.
  before.say({ jsonrpc: '2.0', method: 5 });
  expect(await it.until('odd', ({ phase }) => phase === 'error')).toMatchObject({
    error: expect.stringContaining('The hub failed on what the server sent (TypeError'),
  });
  expect(it.runtime.logs('odd').map(({ message }) => message)).toContainEqual(expect.stringContaining('heard'));
  expect(before.isOpen()).toBe(false);
  expect(other.isOpen()).toBe(true);
  // It is supervised as after any other fault.
  await it.running('odd');
  expect(it.runtime.status('other')).toMatchObject({ phase: 'running', failures: 0 });
});
