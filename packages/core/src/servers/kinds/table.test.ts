import { describe, expect, it } from 'vitest';
import { CreateServer } from '../schema.ts';
import { emptyLaunch, serverKinds, type Kind } from './kind.ts';
import { stdio } from './stdio.ts';
import { hasField, kinds, ownersOf } from './table.ts';

const parts = {
  command: 'run',
  args: ['a'],
  env: { HTTPS_PROXY: 'http://proxy.example:3128', KEY: 'k' },
  cwd: '/srv',
  url: 'https://example.com/mcp',
  headers: { authorization: 'Bearer x' },
  secrets: {},
  container: null,
  app: null,
  reviewed: null,
  graph: null,
  ownUid: 7,
  allowPrivate: true,
  ownProxies: true,
  childSecrets: ['hidden-value'],
};

describe('kinds of servers', () => {
  it('lack no part', () => {
    const { launch: _launch, ...rest } = stdio;
    // @ts-expect-error -- without its launch it is no kind
    const lacking: Kind = rest;
    // @ts-expect-error -- nor is a table without one of them
    const short: typeof kinds = { stdio };
    expect([Object.keys(lacking).length, Object.keys(short).length]).toEqual([Object.keys(stdio).length - 1, 1]);
  });

  it('share out every field of a launch, and each has the one that it needs', () => {
    for (const field of [...Object.keys(emptyLaunch), 'account']) {
      expect(serverKinds.some((kind) => kinds[kind].fields.some((own) => own === field))).toBe(true);
    }
    for (const kind of serverKinds) {
      const { needs } = kinds[kind];
      expect(needs === null || hasField(kind, needs.field)).toBe(true);
    }
  });

  it('are told apart by the words of configs', () => {
    const words = serverKinds.flatMap((kind) => kinds[kind].words);
    expect(new Set(words).size).toBe(words.length);
    expect(words.every((word) => word === word.toLowerCase())).toBe(true);
  });

  it('name the owners of a field', () => {
    expect(ownersOf('url')).toBe('sse and streamable-http servers');
    expect(ownersOf('account')).toBe('stdio and generated servers');
    expect(ownersOf('command')).toBe('stdio and container servers');
  });

  it('launch with their own fields alone', () => {
    expect(kinds.stdio.launch(parts)).toEqual({
      kind: 'stdio',
      command: 'run',
      args: ['a'],
      env: parts.env,
      cwd: '/srv',
      hidden: ['hidden-value'],
      ownUid: 7,
    });
    const proxies = { HTTPS_PROXY: 'http://proxy.example:3128' };
    for (const kind of ['sse', 'streamable-http'] as const) {
      const { url, headers } = parts;
      expect(kinds[kind].launch(parts)).toEqual({ kind, url, headers, allowPrivate: true, proxies });
      expect(kinds[kind].launch({ ...parts, ownProxies: false })).not.toHaveProperty('proxies');
    }
    expect(() => kinds.container.launch(parts)).toThrow('no container settings');
  });
});

describe('a draft', () => {
  const whole = { command: 'run', url: 'https://example.com/mcp', container: { image: 'a:1' } };

  it.each([
    ['stdio', 'command', ['url', 'container']],
    ['sse', 'url', ['command', 'container', 'account']],
    ['streamable-http', 'url', ['command', 'container', 'account']],
    ['container', 'container', ['url', 'account']],
  ] as const)('of kind %s needs its %s, and is refused what belongs to others', (kind, needed, foreign) => {
    function refused(draft: object) {
      const result = CreateServer.safeParse({ id: 'a', name: 'A', kind, ...draft });
      return result.success ? [] : result.error.issues.map(({ path, message }) => [path[0], message]);
    }
    expect(refused({})).toEqual([[needed, expect.stringContaining(`is required for a ${kind} server`)]]);
    expect(refused({ [needed]: whole[needed] })).toEqual([]);
    const both = refused({ ...whole, account: 'own' });
    expect(new Set(both.map(([field]) => field))).toEqual(new Set(foreign));
    expect(both).toHaveLength(foreign.length);
    for (const [, message] of both) expect(message).toContain(kinds[kind].has);
  });
});
