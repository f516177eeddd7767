import { expect, it } from 'vitest';
import { begin, change, redo, undo } from './history.ts';

it('goes back and forth, and forgets the way forth with a new change', () => {
  const three = change(change(begin(1), 2), 3);
  const back = undo(undo(three));
  expect(back.now).toBe(1);
  expect(undo(back).now).toBe(1);
  expect(redo(redo(redo(back))).now).toBe(3);
  const other = change(undo(three), 4);
  expect([redo(other).now, undo(other).now]).toEqual([4, 2]);
});

it('takes back together what was changed in one go', () => {
  const typed = change(change(change(begin(''), 'a', 'text'), 'ab', 'text'), 'ab!', 'other');
  expect(undo(typed).now).toBe('ab');
  expect(undo(undo(typed)).now).toBe('');
  // What was taken back begins a step of its own.
  const again = change(undo(typed), 'abc', 'text');
  expect(undo(again).now).toBe('ab');
});

it('knows a change that changes nothing, and keeps a bounded past', () => {
  const one = begin(0);
  expect(change(one, 0)).toBe(one);
  let many = one;
  for (let at = 1; at <= 300; at += 1) many = change(many, at);
  expect(many.past).toHaveLength(200);
  expect(undo(many).now).toBe(299);
});
