import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createToolReader, missingOfTool } from './index.ts';

function read(...answers: string[]) {
  const reader = createToolReader(null);
  for (const answer of answers) {
    reader.push(answer);
    reader.end();
  }
  return reader.draft();
}

const whole = `<analysis>Weather.</analysis><todo>one tool</todo><folder_name>weather</folder_name>
<script_file name="main.py">
\`\`\`python
if 1 < 2:
    print("<b>")
\`\`\`
</script_file>
<script_file name='lib/help.py'>x = 1</script_file>
<dependencies></dependencies>
<readme># Weather</readme>`;

describe('a tool', () => {
  test('is read from the tags of an answer', () => {
    const draft = read(whole);
    expect(draft).toEqual({
      analysis: 'Weather.',
      todo: 'one tool',
      folder_name: 'weather',
      script_files: { 'main.py': 'if 1 < 2:\n    print("<b>")\n', 'lib/help.py': 'x = 1\n' },
      dependencies: '',
      readme: '# Weather',
      problems: [],
    });
    expect(missingOfTool(draft)).toEqual([]);
  });

  test('grows with each answer', () => {
    const draft = read(
      whole,
      '<script_file name="main.py">y</script_file><script_file name="b.py">b</script_file>',
      '<delete_script_file>lib/help.py</delete_script_file><delete_script_file name="b.py"/>',
    );
    expect(draft.script_files).toEqual({ 'main.py': 'y\n' });
  });

  test.each([
    ['requests>=2,<3  httpx', 'requests>=2,<3 httpx'],
    ['- mcp\n- requests # for http\n', 'mcp requests'],
    ['mcp, httpx', 'mcp httpx'],
    ['```\nmcp\n```', 'mcp'],
    ['None', ''],
    ['', ''],
  ])('lists its dependencies in any way: %j', (body, dependencies) => {
    expect(read(`<dependencies>${body}</dependencies>`).dependencies).toBe(dependencies);
  });

  test('that is changed begins as it is', () => {
    const base = {
      folder_name: 'old',
      script_files: { 'main.py': 'x', 'b.py': 'b' },
      dependencies: 'mcp',
      readme: 'R',
    };
    const reader = createToolReader(base, { analysis: 'a', todo: 't' });
    reader.push('<script_file name="main.py">y</script_file><delete_script_file>b.py</delete_script_file>');
    reader.end();
    const draft = reader.draft();
    expect(draft).toEqual({ ...base, script_files: { 'main.py': 'y\n' }, analysis: 'a', todo: 't', problems: [] });
    expect(missingOfTool(draft)).toEqual([]);
  });

  test('needs its main file', () => {
    expect(missingOfTool(read(whole, '<delete_script_file>main.py</delete_script_file>'))).toEqual(['script_files']);
    const other = '<delete_script_file>main.py</delete_script_file><script_file name="server.mjs">x</script_file>';
    expect(missingOfTool(read(whole, other))).toEqual([]);
    expect(missingOfTool(read())).toEqual([
      'analysis',
      'todo',
      'folder_name',
      'script_files',
      'dependencies',
      'readme',
    ]);
  });

  test('is told of files without a name, and that are not closed', () => {
    const draft = read('<script_file>x</script_file><script_file name="a.py">x');
    expect(draft.problems).toEqual([
      { tag: 'script_file', name: null, reason: expect.stringContaining('name="main.py"') },
      { tag: 'script_file', name: 'a.py', reason: expect.stringContaining('not closed') },
    ]);
  });

  test('has files of any name without harm', () => {
    const draft = read('<script_file name="__proto__">x</script_file>');
    expect(Object.entries(draft.script_files)).toEqual([['__proto__', 'x\n']]);
  });
});

test('is the same however the answer is cut into pieces', () => {
  const piece = fc.oneof(
    fc.constantFrom('<script_file name="main.py">', '</script_file>', '<folder_name>', '</folder_name>', '```\n', '<'),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (parts) => {
      const reader = createToolReader(null);
      for (const part of parts) reader.push(part);
      reader.end();
      expect(reader.draft()).toEqual(read(parts.join('')));
    }),
  );
});

test('is bounded in number and size', () => {
  const many = Array.from({ length: 150 }, (_, at) => `<script_file name="f${at}.py">x</script_file>`).join('');
  expect(Object.keys(read(many).script_files)).toHaveLength(64);
  const large = Array.from({ length: 6 }, (_, at) => `<script_file name="${at}">${'x'.repeat(250_000)}</script_file>`);
  const draft = read(large.join(''));
  expect(Object.keys(draft.script_files)).toHaveLength(4);
  expect(draft.problems).toHaveLength(2);
});
