import { expect, test } from 'vitest';
import { fillerOf, type Scope } from './prompts.ts';
import { flat, graphOf } from './testing.ts';

test('a template that names fields of an output and a file again and again has each read once', async () => {
  const { nodes } = flat(graphOf('g', [{ name: 'writer', input_nodes: ['start'] }]));
  const [node] = nodes;
  if (!node) throw new Error('The graph has no node.');
  const asked = { outputs: 0, files: 0 };
  const scope: Scope = {
    outputsOf(name) {
      if (name === 'list') asked.outputs += 1;
      return name === 'list' ? [JSON.stringify({ first: 'a', rest: ['b', 'c'] })] : [];
    },
    globalsOf: () => [],
    isNode: (name) => name === 'list',
    hasFields: (name) => name === 'list',
  };
  const filler = fillerOf(node, scope, (name) => {
    asked.files += 1;
    return Promise.resolve(name === 'note.md' ? 'n' : null);
  });
  const template = '{list.first}{list.rest}{list.absent}{note.md}{absent.md}'.repeat(2_000);
  expect(await filler.fill(template)).toBe('a["b","c"]n'.repeat(2_000));
  expect(asked).toEqual({ outputs: 1, files: 2 });
});
