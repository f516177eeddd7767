import { describe, expect, it } from 'vitest';
import { readEntry } from './entry.ts';

function draftOf(raw: object) {
  return readEntry({ ...raw }).draft;
}

describe('readEntry', () => {
  it.each([
    [{ isActive: false }, 'disabled'],
    [{ disabled: 'true' }, 'disabled'],
    [{ disabled: 1 }, 'disabled'],
    [{ enabled: 'No' }, 'disabled'],
    [{ enabled: true, disabled: true }, 'disabled'],
    [{ disabled: 'false' }, 'on'],
    [{ isActive: true, enabled: true }, 'on'],
    [{ disabled: null }, undefined],
    [{}, undefined],
  ])('reads from %j whether it is on', (words, desired) => {
    expect(draftOf({ command: 'x', ...words })['desired']).toBe(desired);
  });

  it.each([{ disabled: 'maybe' }, { enabled: {} }, { isActive: 2 }])('does not guess at %j', (words) => {
    expect(() => readEntry({ command: 'x', ...words })).toThrow(/must be true or false/);
  });

  it('finds headers wherever clients keep them; the first that says one counts', () => {
    const raw = {
      url: 'https://h.example/mcp',
      headers: { Authorization: 'one', 'X-None': null, 'X-Count': 3 },
      requestInit: { headers: { authorization: 'two', 'X-A': 'a' }, credentials: 'include' },
      http_headers: { 'x-a': 'b', 'X-B': 'b' },
      env_http_headers: { 'X-C': 'C_VALUE' },
      bearer_token_env_var: 'TOKEN',
    };
    expect(readEntry(raw)).toEqual({
      draft: {
        kind: 'streamable-http',
        url: 'https://h.example/mcp',
        headers: { Authorization: 'one', 'X-Count': '3', 'X-A': 'a', 'X-B': 'b', 'X-C': '${C_VALUE}' },
      },
      tools: { only: null, off: [] },
      ignored: ['requestInit.credentials'],
      literal: [],
    });
    expect(draftOf({ url: 'https://h.example', bearer_token_env_var: 'TOKEN' })['headers']).toEqual({
      Authorization: 'Bearer ${TOKEN}',
    });
    expect(() => readEntry({ url: 'https://h.example', bearer_token_env_var: 'a b' })).toThrow(/name a variable/);
    expect(() => readEntry({ url: 'https://h.example', headers: ['a: b'] })).toThrow(/headers: must be an object/);
  });

  it('makes a header of a user and a password in the address, and leaves the rest of it as it is', () => {
    expect(draftOf({ url: 'https://me%40x:p%20w@h.example:8443/${PART}/mcp?a=@b' })).toEqual({
      kind: 'streamable-http',
      url: 'https://h.example:8443/${PART}/mcp?a=@b',
      headers: { Authorization: `Basic ${Buffer.from('me@x:p w').toString('base64')}` },
    });
    expect(() => readEntry({ url: 'https://${USER}:${PASS}@h.example/mcp' })).toThrow(/no user and password/);
    expect(draftOf({ url: 'https://me:pw@h.example', headers: { authorization: 'Bearer x' } })['headers']).toEqual({
      authorization: 'Bearer x',
    });
  });

  it.each([
    ['npx -y some-server', 'npx', ['-y', 'some-server']],
    ['  uvx  --from "a b"  \'c d\' --x="e f" ', 'uvx', ['--from', 'a b', 'c d', '--x=e f']],
    ['/opt/my tools/server', '/opt/my tools/server', undefined],
    ['C:\\Program Files\\nodejs\\npx.cmd', 'C:\\Program Files\\nodejs\\npx.cmd', undefined],
    ['npx "unfinished', 'npx "unfinished', undefined],
    ['plain', 'plain', undefined],
    [['npx', '-y', 5], 'npx', ['-y', '5']],
  ])('reads program and arguments from %j', (command, program, args) => {
    expect(draftOf({ command })).toEqual({ kind: 'stdio', command: program, ...(args && { args }) });
  });

  it('leaves a command alone that has arguments beside it', () => {
    expect(draftOf({ command: 'my program', args: ['x'] })).toMatchObject({ command: 'my program', args: ['x'] });
    expect(draftOf({ command: ['a', 'b'], args: ['c'] })).toMatchObject({ command: 'a', args: ['b', 'c'] });
  });

  it('puts names in braces where they stand for values, and nowhere else', () => {
    const env = {
      A: '$TOKEN',
      B: 'Bearer $TOKEN.',
      C: 'pa$$WORD',
      D: 'x$ABC',
      E: '$lower',
      F: '\\$TOKEN',
      G: '${DONE}',
    };
    expect(draftOf({ command: 'sh', args: ['-c', 'echo $HOME', '$TOKEN'], env })).toEqual({
      kind: 'stdio',
      command: 'sh',
      args: ['-c', 'echo $HOME', '${TOKEN}'],
      env: { ...env, A: '${TOKEN}', B: 'Bearer ${TOKEN}.' },
    });
  });

  it('tells what it does not follow, at any depth, and nothing it does', () => {
    const raw = { command: 'x', url: 'https://h', alwaysAllow: ['a'], timeout: 5, name: 5, dev: { watch: true } };
    expect(readEntry(raw).ignored).toEqual(['url', 'alwaysAllow', 'timeout', 'name', 'dev']);
    const full = {
      name: 'N',
      description: 'd',
      tags: [],
      isolation: 'user',
      limits: {},
      disabled: false,
      type: 'stdio',
      command: 'x',
      args: [],
      env: {},
      cwd: '/',
      envFile: '.env',
    };
    expect(readEntry(full).ignored).toEqual([]);
    const container = { image: 'alpine', env: {}, args: [], colour: 'red' };
    expect(readEntry({ command: 'docker', args: ['run'], container }).ignored).toEqual(['container.colour']);
  });

  it('tells where the client would put in something', () => {
    const env = {
      A: '${command:pick}',
      B: '{file:./key}',
      C: '$(pass show x)',
      D: '{{USER}}',
      E: '${X:-y}',
      F: '{"a":{"b":1}}',
    };
    expect(readEntry({ command: 'x', env }).literal).toEqual(['env.A', 'env.B', 'env.C', 'env.D']);
  });
});
