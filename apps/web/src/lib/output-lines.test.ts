import { expect, it } from 'vitest';
import { addLines, keptLines } from './output-lines.ts';

function line(text: string) {
  return { time: '2026-01-02T03:04:05.678901234Z', stream: 'stdout', text };
}
function none() {
  return null;
}

it('leaves out what is meant for terminals', () => {
  const lines = addLines([], [line('\u001B[31mred\u001B[0m'), line('10%\r20%\r100%\r')], none);
  expect(lines.map(({ text }) => text)).toEqual(['red', '100%']);
});

it('numbers lines on and keeps the newest', () => {
  const many = Array.from({ length: keptLines }, (_, index) => line(`${index}`));
  const lines = addLines(addLines([], many, none), [line('last')], none);
  expect(lines).toHaveLength(keptLines);
  expect(lines.at(-1)).toMatchObject({ seq: keptLines + 1, text: 'last' });
});
