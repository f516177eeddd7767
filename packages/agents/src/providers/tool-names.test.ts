import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameTools } from './tool-names.ts';

test('names that fit stay, others are marked by a hash of their own', () => {
  const long = 'a'.repeat(65);
  const [plain, dotted, chinese, cut, space] = nameTools(['get_weather-2', 'files.read', '天气', long, 'get weather']);
  expect(plain).toBe('get_weather-2');
  expect(dotted).toMatch(/^files_read_[0-9a-f]{8}$/);
  expect(chinese).toMatch(/^___[0-9a-f]{8}$/);
  expect(cut).toMatch(/^a{55}_[0-9a-f]{8}$/);
  expect(space).toMatch(/^get_weather_[0-9a-f]{8}$/);
});

test('what a tool is called depends on no other tool', () => {
  const [alone] = nameTools(['a.b']);
  expect(nameTools(['x', 'a_b', 'a.b', 'a-b'])[2]).toBe(alone);
});

test('every name fits, and none is given twice', () => {
  const name = fc.oneof(
    fc.string(),
    fc.constantFrom('a', 'a.b', 'a_b', '', 'a b'),
    fc.string({ minLength: 60, maxLength: 70 }),
  );
  fc.assert(
    fc.property(fc.array(name, { maxLength: 30 }), (names) => {
      const given = nameTools(names);
      for (const each of given) expect(each).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(new Set(given).size).toBe(names.length);
      // Whoever asks for a name that fits has it, unless another asked for it before.
      for (const [at, each] of names.entries())
        if (/^[A-Za-z0-9_-]{1,64}$/.test(each) && names.indexOf(each) === at) expect(given[at]).toBe(each);
    }),
  );
});
