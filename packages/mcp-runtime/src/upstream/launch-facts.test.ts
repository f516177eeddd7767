import { expect, it } from 'vitest';
import type { ContainerLaunch, Launch } from '../types.ts';
import { secretsIn, wayTo } from './launch-facts.ts';

function container(transport: ContainerLaunch['transport']): ContainerLaunch {
  return {
    kind: 'container',
    image: 'x',
    command: [],
    env: { A: 'env-value' },
    secrets: { B: 'secret-value' },
    transport,
    network: { kind: 'none' },
  };
}
const http = { kind: 'http', port: 80, path: '/mcp', headers: { authorization: 'header-value' } } as const;

it.each<[Launch, string, string[]]>([
  [{ kind: 'stdio', command: 'x', args: [], env: { A: 'a' }, cwd: null }, 'stdio', ['a']],
  [{ kind: 'sse', url: 'http://x', headers: { h: 'b' }, allowPrivate: false }, 'sse', ['b']],
  [{ kind: 'streamable-http', url: 'http://x', headers: {}, allowPrivate: false }, 'streamable-http', []],
  [container({ kind: 'stdio' }), 'stdio', ['env-value', 'secret-value']],
  [container(http), 'streamable-http', ['env-value', 'secret-value', 'header-value']],
  [container({ ...http, sse: true }), 'sse', ['env-value', 'secret-value', 'header-value']],
])('tells how messages travel to a launch and what of it is secret: %#', (launch, way, secrets) => {
  expect(wayTo(launch)).toBe(way);
  expect(secretsIn(launch)).toEqual(secrets);
});
