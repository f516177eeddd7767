import fc from 'fast-check';
import { expect, test } from 'vitest';
import { titleIn, titlePrompt } from './title.ts';

test.each<[string, string, string, string[]]>([
  ['as asked', '<title>Docker on a NAS</title>\n<tags>docker, nas</tags>', 'Docker on a NAS', ['docker', 'nas']],
  [
    'in Chinese',
    '<title>《东京天气》</title><tags>天气、东京，旅行；#计划</tags>',
    '东京天气',
    ['天气', '东京', '旅行', '计划'],
  ],
  ['after thoughts', '<think><title>No</title></think> <title>"Yes"</title>', 'Yes', []],
  ['on many lines', '<title>\n A\n title </title><tags>\na\nb\n\n</tags>', 'A title', ['a', 'b']],
  [
    'with too much',
    `<title>${'x'.repeat(300)}</title><tags>a,a,b,c,d,e,f,${'g'.repeat(30)}</tags>`,
    'x'.repeat(100),
    ['a', 'b', 'c', 'd', 'e'],
  ],
  ['with a long tag', `<title>T</title><tags>${'g'.repeat(30)}</tags>`, 'T', ['g'.repeat(20)]],
  ['not at all', 'I cannot do that.', 'An answer of more than thirty', []],
  ['cut off', '<title>Half', 'An answer of more than thirty', []],
  ['empty', '<title> </title>', 'An answer of more than thirty', []],
])('a reply %s', (_what, reply, title, tags) => {
  expect(titleIn(reply, 'An answer of more than thirty\n characters.')).toEqual({ title, tags });
});

test('a title is whole characters of one line, whatever is replied', () => {
  const part = fc.constantFrom(
    '<title>',
    '</title>',
    '<tags>',
    '</tags>',
    ',',
    '😀'.repeat(30),
    '\n',
    'x'.repeat(60),
    '\ud800',
    '"',
    '#',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), fc.array(part, { maxLength: 5 }), (reply, answer) => {
      const { title, tags } = titleIn(reply.join(''), answer.join(''));
      for (const each of [title, ...tags]) {
        expect(each.isWellFormed()).toBe(true);
        expect(each).not.toContain('\n');
      }
      expect(Array.from(title).length).toBeLessThanOrEqual(100);
      expect(tags.length).toBeLessThanOrEqual(5);
      for (const tag of tags) expect(Array.from(tag).length).toBeLessThanOrEqual(20);
    }),
  );
});

test('the prompt quotes the first question and the last answer, and no more than their beginning', () => {
  const [system, user] = titlePrompt([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'first' },
        { type: 'image_url', image_url: { url: 'data:x' } },
      ],
    },
    { role: 'assistant', content: 'earlier' },
    { role: 'user', content: 'second' },
    { role: 'assistant', content: `last ${'x'.repeat(5000)}` },
    { role: 'assistant', content: null },
  ]);
  expect(system?.content).toContain('<title>');
  expect(user?.content).toMatch(/^User:\nfirst\n\[image\]\n\nAssistant:\nlast x{1995}$/);
});

test('a lot of a reply is read soon', () => {
  for (const part of ['<title>', '<title>x</title>', '<tags>,', '\n', '#']) {
    const text = part.repeat(2_000_000 / part.length);
    const begun = process.cpuUsage();
    titleIn(text, text);
    titleIn(`<tags>${text}</tags>`, text);
    expect(process.cpuUsage(begun).user).toBeLessThan(10_000_000);
  }
});
