import { expect, it } from 'vitest';
import { createHeld } from './pending-objects.ts';

const input = { serverId: 's', method: 'tools/call' as const, name: 'echo', arguments: {} };
function make() {
  const held = createHeld<typeof input>({ most: 3, bytes: { person: 100, hub: 250 } });
  function add(person: string, bytes: number, credential = person) {
    return held.add({ person, credential, thing: input, bytes });
  }
  return { held, add };
}
const full = { code: 'limit_exceeded' };

it('counts runs and bytes by person, whatever credential held them', () => {
  const { add } = make();
  for (const credential of ['one', 'two', 'three']) add('ann', 10, credential);
  expect(() => add('ann', 10, 'four')).toThrow(expect.objectContaining(full));
  add('bob', 90);
  expect(() => add('bob', 11)).toThrow(expect.objectContaining(full));
  add('bob', 10);
});

it('lets the oldest go of who holds most', () => {
  const { held, add } = make();
  const [small, first, second] = [add('ann', 60), add('bob', 60), add('bob', 40)];
  const third = add('cid', 95);
  expect(held.take(first, 'bob')).toBeNull();
  expect([small, second, third].map((id, n) => held.take(id, ['ann', 'bob', 'cid'][n] ?? ''))).toEqual([
    input,
    input,
    input,
  ]);
});

it('gives a run once, and only to the credential that held it', () => {
  const { held, add } = make();
  const id = add('ann', 10, 'one');
  expect(held.take(id, 'two')).toBeNull();
  expect(held.take(id, 'one')).toEqual(input);
  expect(held.take(id, 'one')).toBeNull();
});
