import { describe, expect, it } from 'vitest';
import { keepable } from './calls/keepable.ts';
import { fillInputs } from './servers/configs/references.ts';
import { readConfig } from './servers/configs/text.ts';
import { readDockerRun } from './servers/docker-run.ts';
import { expandText } from './servers/expand.ts';
import { HttpUrl } from './servers/fields.ts';
import { placeholdersOf } from './servers/placeholders.ts';
import { slugify } from './slug.ts';
import { maskEnv } from './stacks/env-text.ts';

/** Texts of a megabyte on which work that grows with the square takes minutes and more: a loop may do that where each of its patterns is linear. */

function fill(piece: string, length = 1_000_000): string {
  return piece.repeat(Math.ceil(length / piece.length));
}
function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // What is refused was looked at all the same.
  }
}
function inputs(text: string): unknown {
  return fillInputs({ args: [text] }, { declared: new Map(), values: {}, isProvided: () => false });
}

/** Ids of one name, each of which wants a name of its own. */
function ids(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `\${input:a${'-'.repeat(index % 20)}b${'.'.repeat(index / 20)}}`,
  ).join('');
}

describe('a megabyte of the worst', () => {
  it.each<[string, () => unknown]>([
    ['openings of placeholders', () => expandText(fill('${A:-'), () => undefined)],
    ['names of placeholders', () => expandText(fill('${A'), () => undefined)],
    ['placeholders', () => expandText(fill('${A}'), () => 'x')],
    ['openings of inputs', () => inputs(fill('${input:'))],
    ['inputs', () => inputs(fill('${input:a}'))],
    ['inputs of one name', () => inputs(ids(1000))],
    ['records', () => keepable(fill('-eyJ'), [])],
    ['records of runs', () => keepable(fill('eyJaaaaaaaaa.'), [])],
    ['names', () => slugify(fill('-_'))],
    ['addresses', () => HttpUrl.safeParse(`http://${fill('${')}`)],
    ['addresses with queries', () => placeholdersOf('s').url(`http://a/${fill('a1?')}`)],
    ['environment texts', () => maskEnv(fill('A="\\'))],
    ['environment texts of quotes', () => maskEnv(fill("A='\n"))],
    [
      'arguments of docker',
      () =>
        readDockerRun({
          name: 'd',
          kind: 'stdio',
          command: 'docker',
          args: ['run', '--mount', fill(',a='), 'image'],
        } as never),
    ],
  ])('in %s is done soon', (_what, work) => {
    const begun = process.cpuUsage();
    quietly(work);
    expect(process.cpuUsage(begun).user).toBeLessThan(10_000_000);
  });

  it.each(['{"', '```', '[', '{"a":', '//', '/*', ',', 'a: ', '- ', 'a = "', '&a *a ', '\n\t', '"\\', '${input:'])(
    'of %j in a config is done soon',
    (piece) => {
      const begun = process.cpuUsage();
      quietly(() => readConfig(fill(piece)));
      quietly(() => readConfig(`{"mcpServers": {"a": {"command": ${fill(piece)}`));
      expect(process.cpuUsage(begun).user).toBeLessThan(10_000_000);
    },
  );
});
