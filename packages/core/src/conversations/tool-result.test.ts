import { describe, expect, test } from 'vitest';
import { keptStructured, withoutSecrets } from './tool-result.ts';

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let at = 0; at < depth; at += 1) value = [value];
  return value;
}

describe('structured content', () => {
  test('is kept as it is', () => {
    const value = { rows: [{ a: 1, b: null }], text: 'x' };
    expect(keptStructured(value)).toBe(value);
    expect(keptStructured(undefined)).toBeUndefined();
  });

  test('is left out where it is too large, or lies too deep', () => {
    expect(keptStructured({ text: 'x'.repeat(1_000_001) })).toBeUndefined();
    expect(keptStructured(nested(50))).toBeDefined();
    expect(keptStructured(nested(100_000))).toBeUndefined();
  });
});

test('what a server says has none of its secrets, names among them', () => {
  const said = {
    content: [{ type: 'text', text: 'the key is hunter2hunter2.' }],
    map: { hunter2hunter2: ['hunter2hunter2'] },
  };
  expect(withoutSecrets(said, ['hunter2hunter2', 'is'])).toEqual({
    content: [{ type: 'text', text: 'the key is ***.' }],
    map: { '***': ['***'] },
  });
  expect(withoutSecrets(said, [])).toBe(said);
});
