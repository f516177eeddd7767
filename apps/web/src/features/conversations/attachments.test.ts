// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { readFiles } from './attachments.ts';

function sized(file: File, size: number): File {
  Object.defineProperty(file, 'size', { value: size });
  return file;
}

test('takes images as data URLs and everything else as text', async () => {
  const picture = new File([new Uint8Array([1, 2, 3])], 'a.png', { type: 'image/png' });
  const note = new File(['Grüße'], 'note.xyz', { type: 'application/octet-stream' });
  const { attachments, refused } = await readFiles([picture, note]);
  expect(refused).toEqual([]);
  expect(attachments).toEqual([
    { type: 'image', name: 'a.png', url: 'data:image/png;base64,AQID' },
    { type: 'text', name: 'note.xyz', text: 'Grüße' },
  ]);
});

test.each([
  ['an SVG image, which is text', new File(['<svg/>'], 'a.svg', { type: 'image/svg+xml' }), 'text'],
  ['no UTF-8', new File([new Uint8Array([0xff, 0xfe])], 'b.bin'), 'unreadable'],
  ['a NUL in it', new File(['a\0b'], 'c.bin'), 'unreadable'],
  ['too much text', sized(new File(['x'], 'd.txt'), 500_001), 'textTooLarge'],
  ['too large an image', sized(new File(['x'], 'e.png', { type: 'image/png' }), 5_000_001), 'imageTooLarge'],
  ['an image that just fits', sized(new File(['x'], 'f.png', { type: 'image/png' }), 5_000_000), 'image'],
])('reads a file with %s', async (_name, file, expected) => {
  const { attachments, refused } = await readFiles([file]);
  expect([...attachments.map(({ type }) => type), ...refused.map(({ why }) => why)]).toEqual([expected]);
});

test('refuses one file without the others, and cuts names that are too long', async () => {
  const { attachments, refused } = await readFiles([new File(['\0'], 'bad'), new File(['ok'], 'n'.repeat(300))]);
  expect(refused).toEqual([{ name: 'bad', why: 'unreadable' }]);
  expect(attachments[0]?.name).toHaveLength(256);
});
