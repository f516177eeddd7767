import { expect, it } from 'vitest';
import { endOfSentences, plain } from './spoken.ts';

it('ends where a sentence or a line does, in both languages', () => {
  expect(endOfSentences('One. Two is not d', 0)).toBe(4);
  expect(endOfSentences('Pi is 3.14', 0)).toBe(0);
  expect(endOfSentences('第一句。第二', 0)).toBe(4);
  expect(endOfSentences('A line\nmore', 0)).toBe(7);
  expect(endOfSentences('One. Two', 5)).toBe(5);
});

it('leaves marks out', () => {
  expect(plain('## **Bold** `code`')).toBe('Bold code');
});
