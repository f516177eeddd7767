import { expect, test } from 'vitest';
import { createBody } from './body.ts';
import { answerBounds } from './bounds.ts';

const bounds = { answerBytes: 2000, eventLength: 500, refusalBytes: 100 };

function read(text: string, pieceLength = 7): string[] {
  const told: string[] = [];
  const body = createBody(
    {
      event: ({ data }) => void told.push(`event ${data}`),
      whole: (whole) => void told.push(`whole ${whole.length}`),
      foreign: (beginning) => void told.push(`foreign ${beginning.length}`),
      tooLarge: (limit) => void told.push(`too large: ${limit}`),
    },
    bounds,
  );
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length && !told.some((each) => each.startsWith('too large')); at += pieceLength)
    body.push(bytes.subarray(at, at + pieceLength));
  if (!told.some((each) => each.startsWith('too large'))) body.end();
  return told;
}

test('what a body is shows its beginning, whatever stands before it', () => {
  expect(read('data: x\n\n')).toEqual(['event x']);
  expect(read(' \n\ufeff: hi\n\nevent: a\ndata:x\n\n')).toEqual(['event x']);
  expect(read('\n\n {"a":1}')).toEqual(['whole 7']);
  expect(read('<html>')).toEqual(['foreign 6']);
  expect(read('upstream failed')).toEqual(['foreign 15']);
  expect(read('')).toEqual([]);
});

test('an event, a whole and all of an answer are bounded, and a page is read no further than needed', () => {
  const line = 'x'.repeat(480);
  expect(read(`data: ${line}\n\n`)).toEqual([`event ${line}`]);
  expect(read(`data: ${'x'.repeat(520)}`)).toEqual(['too large: 500 characters in one event']);
  expect(read('data:xxxxxxxxx\n'.repeat(120))).toEqual(['too large: 500 characters in one event']);
  expect(read(`{"a":"${line}"}`)).toEqual(['whole 488']);
  expect(read(`{"a":"${'x'.repeat(520)}`)).toEqual(['too large: 500 bytes in one piece']);
  expect(read('data: x\n\n'.repeat(300)).at(-1)).toBe('too large: 2000 bytes');
  expect(read(`<p>${'x'.repeat(1500)}`)).toEqual(['foreign 100']);
  expect(read(' '.repeat(3000))).toEqual(['too large: 2000 bytes']);
});

test('the bounds of an answer hold one another', () => {
  expect(answerBounds.refusalBytes).toBeLessThan(answerBounds.eventLength);
  expect(answerBounds.eventLength).toBeLessThan(answerBounds.answerBytes);
});
