import { expect, it } from 'vitest';
import type { StackCheck } from '../../lib/api-types.ts';
import { problemsOf } from './yaml-problems.ts';

const content = `services:
  web:
    image: nginx
    volumes:
      - data:/data
      - /etc:/host
  db:
    imag: postgres
`;

function check(change: Partial<StackCheck>): StackCheck {
  return {
    valid: false,
    error: null,
    errorReason: null,
    project: 'x',
    services: [],
    images: [],
    found: [],
    refused: [],
    plan: null,
    diff: null,
    ...change,
  };
}

it('finds broken YAML by itself', () => {
  expect(problemsOf('services:\n  web: [1\n', null)[0]).toMatchObject({ severity: 'error' });
  expect(problemsOf('a: 1\na: 2\n', null)).toEqual([
    { line: 2, message: 'Map keys must be unique', severity: 'error' },
  ]);
});

it('puts what is refused at the line that says it', () => {
  const violation = { rule: 'host-paths', where: 'services.web.volumes[1]', message: 'mounts /etc.' } as const;
  const found = problemsOf(content, check({ found: [violation], refused: [violation] }));
  expect(found).toEqual([{ line: 6, message: 'services.web.volumes[1] mounts /etc. (host-paths)', severity: 'error' }]);
});

it('only warns of what the person may do', () => {
  const violation = { rule: 'host-paths', where: 'services.web.privileged', message: 'x' } as const;
  expect(problemsOf(content, check({ valid: true, found: [violation] }))).toMatchObject([
    { line: 2, severity: 'warning' },
  ]);
});

it.each([
  ["validating compose.yaml: services.db additional properties 'imag' not allowed", 8],
  ['content no YAML: bad indentation at line 4, column 3:', 4],
  ['service "db" has neither an image nor a build context specified', 7],
  ['nobody knows', 1],
])('reads the place from Compose’s sentence: %s', (error, line) => {
  expect(problemsOf(content, check({ error }))).toMatchObject([{ line, severity: 'error' }]);
});
