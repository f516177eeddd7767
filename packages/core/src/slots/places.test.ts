import { describe, expect, it } from 'vitest';
import type { Launch } from '@switchboard/mcp-runtime/types';
import { filledLaunch, fits } from './fill.ts';
import { slotFaults, slotsIn, valueFault, type SlotText } from './places.ts';

function slot(name: string) {
  return { name, label: '', description: '', secret: true };
}

const declared = { slots: [slot('TOKEN')], isolation: 'user' };

function faultsOf(more: Partial<SlotText>): string[] {
  return slotFaults({ kind: 'stdio', ...declared, ...more }).map(({ path }) => path.join('.'));
}

describe('slots', () => {
  it('may stand in values of variables and headers, and in path and query of the URL', () => {
    expect(faultsOf({ env: { A: 'x ${user:TOKEN} y' } })).toEqual([]);
    const remote = { kind: 'streamable-http', headers: { Authorization: 'Bearer ${user:TOKEN}' } };
    expect(faultsOf({ ...remote, url: 'https://example.com/a/${user:TOKEN}/b?key=${user:TOKEN}&x=1' })).toEqual([]);
  });

  it.each([
    ['command', { command: '${user:TOKEN}' }],
    ['args.1', { args: ['-y', '--key=${user:TOKEN}'] }],
    ['cwd', { cwd: '/home/${user:TOKEN}' }],
    ['secrets.key', { secrets: { key: '${user:TOKEN}' } }],
    ['container', { container: { image: 'mcp/${user:TOKEN}' } }],
    ['url', { url: 'https://${user:TOKEN}.example.com/mcp' }],
    ['url', { url: 'https://${user:TOKEN}@example.com/mcp' }],
    ['url', { url: 'https://example.com/mcp#${user:TOKEN}' }],
    ['url', { url: 'https:///${user:TOKEN}/mcp' }],
    ['url', { url: 'https:/${user:TOKEN}/mcp' }],
    ['url', { url: 'https:/\t/${user:TOKEN}/mcp' }],
    ['url', { url: 'https:\\\\${user:TOKEN}\\mcp' }],
    ['url', { url: 'https://\n/${user:TOKEN}/mcp' }],
    ['env.NODE_OPTIONS', { env: { NODE_OPTIONS: '${user:TOKEN}' } }],
    ['env.LD_PRELOAD', { env: { LD_PRELOAD: '${user:TOKEN}' } }],
    ['env.https_proxy', { env: { https_proxy: 'http://${user:TOKEN}:3128' } }],
    ['headers.X-Forwarded-Host', { headers: { 'X-Forwarded-Host': '${user:TOKEN}' } }],
    ['env.A', { env: { A: '${user:OTHER}' } }],
    ['env.A', { env: { A: '${user:not a name}' } }],
    ['headers.A', { headers: { A: '${user:}' } }],
    ['isolation', { isolation: 'shared' }],
    ['isolation', { isolation: 'session' }],
    ['slots', { kind: 'graph' }],
  ])('are refused at %s: %j', (path, draft) => {
    expect(faultsOf(draft)).toEqual([path]);
  });

  it('are found in time proportional to the text', () => {
    const begun = process.cpuUsage().user;
    slotsIn('${user:'.repeat(200_000));
    expect(process.cpuUsage(undefined).user - begun).toBeLessThan(5_000_000);
  });
});

describe('a launch', () => {
  const remote: Launch = {
    kind: 'streamable-http',
    url: 'https://example.com/u/${user:ID}?key=${user:TOKEN}',
    headers: { Authorization: 'Bearer ${user:TOKEN}' },
    allowPrivate: false,
  };

  it('gets values as they are in headers and variables, and percent-encoded in its URL', () => {
    expect(filledLaunch(remote, { ID: 'a/b?c#d', TOKEN: 'x&y=ü' })).toMatchObject({
      url: 'https://example.com/u/a%2Fb%3Fc%23d?key=x%26y%3D%C3%BC',
      headers: { Authorization: 'Bearer x&y=ü' },
    });
    const program: Launch = { kind: 'stdio', command: '${user:TOKEN}', args: ['${user:TOKEN}'], env: {}, cwd: null };
    expect(filledLaunch({ ...program, env: { A: '${user:TOKEN}' } }, { TOKEN: '${user:ID} $& $1' })).toEqual({
      ...program,
      env: { A: '${user:ID} $& $1' },
    });
  });

  it('is none where a value is missing, or a slot has come to stand in the host', () => {
    expect(filledLaunch(remote, { ID: 'a' })).toBeNull();
    expect(filledLaunch({ ...remote, url: 'https://${user:TOKEN}/u' }, { ID: 'a', TOKEN: 'evil.example' })).toBeNull();
  });

  it('takes no value that cannot stand where its slot stands', () => {
    expect(fits(remote, { ID: 'a', TOKEN: 'b' })).toBe(true);
    for (const odd of ['a\r\nX-Evil: 1', 'snow ☃', 'a\0b']) expect(fits(remote, { ID: 'a', TOKEN: odd })).toBe(false);
    for (const dots of ['.', '..']) expect(fits(remote, { ID: dots, TOKEN: 'b' })).toBe(false);
    expect(valueFault('line one\nline two', { header: false, url: false })).toBeNull();
  });
});
