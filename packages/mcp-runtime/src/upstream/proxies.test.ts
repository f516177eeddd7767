import { describe, expect, it } from 'vitest';
import { ownProxies, proxySecrets, proxyTo, readProxies, type Proxies } from './proxies.ts';

function read(env: Record<string, string>): Proxies {
  const found = readProxies(env);
  if (found === null) throw new Error('no proxy is named');
  return found;
}
function leads(noProxy: string, url: string) {
  return (
    proxyTo(read({ HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://p:2', NO_PROXY: noProxy }), new URL(url))?.name ??
    'straight'
  );
}

describe('proxies', () => {
  it('are read in either case, lower case first, with the one for all behind the others', () => {
    const all = readProxies({
      https_proxy: 'low:1',
      HTTPS_PROXY: 'http://up:2',
      ALL_PROXY: 'https://all',
      no_proxy: 'x',
    });
    expect(all).toEqual({
      https: { uri: 'http://low:1', name: 'low:1', token: null },
      http: { uri: 'https://all', name: 'all:443', token: null },
      noProxy: 'x',
    });
    expect(readProxies({ NO_PROXY: 'x', HTTP_PROXY: '' })).toBeNull();
  });

  it('sign in with the user and password of their address, which stand nowhere else', () => {
    const { https } = read({ HTTPS_PROXY: 'http://me:p%40ss@proxy.example:3128/' });
    expect(https).toEqual({
      uri: 'http://proxy.example:3128',
      name: 'proxy.example:3128',
      token: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    });
  });

  it.each([
    'socks5://me:secret@proxy:1080',
    'http://me:secret@proxy/path',
    'http://',
    'http://me:secret@a b',
    'ftp://x',
  ])('that cannot be used are named without their address: %s', (text) => {
    expect(() => readProxies({ https_proxy: text })).toThrow(
      'https_proxy: must be the address of an HTTP proxy, such as http://proxy.example:3128',
    );
  });

  it.each([
    ['', 'https://mcp.example/', 'p:1'],
    ['', 'http://mcp.example/', 'p:2'],
    ['', 'http://localhost:8080/', 'straight'],
    ['', 'http://127.1.2.3/', 'straight'],
    ['', 'http://[::1]/', 'straight'],
    ['', 'http://a.localhost./', 'straight'],
    ['*', 'https://mcp.example/', 'straight'],
    ['example', 'https://mcp.example/', 'straight'],
    ['.example', 'https://example/', 'straight'],
    ['*.example', 'https://example/', 'p:1'],
    ['*.example', 'https://mcp.example./', 'straight'],
    ['other, MCP.example', 'https://mcp.example/', 'straight'],
    ['xample', 'https://mcp.example/', 'p:1'],
    ['mcp.example:8443', 'https://mcp.example/', 'p:1'],
    ['mcp.example:443', 'https://mcp.example/', 'straight'],
    ['10.0.0.0/8', 'https://10.9.8.7/', 'straight'],
    ['10.0.0.0/8', 'https://11.9.8.7/', 'p:1'],
    ['10.0.0.0/99', 'https://10.9.8.7/', 'p:1'],
    ['10.9.8.7:8080', 'http://10.9.8.7:8080/', 'straight'],
    ['fd00::/8', 'https://[fd12::1]/', 'straight'],
    ['[fd12::1]:443', 'https://[fd12::1]/', 'straight'],
  ])('with NO_PROXY=%s the way to %s is %s', (noProxy, url, expected) => {
    expect(leads(noProxy, url)).toBe(expected);
  });

  it('of a server come before those of the hub, whose NO_PROXY is not for them', () => {
    const hub = readProxies({ HTTPS_PROXY: 'http://hub:1', HTTP_PROXY: 'http://hub:1', NO_PROXY: 'mcp.example' });
    expect(ownProxies({}, hub)).toEqual(hub);
    expect(ownProxies({ all_proxy: 'own:2' }, hub)).toMatchObject({
      http: { name: 'own:2' },
      https: { name: 'own:2' },
    });
    expect(ownProxies({ https_proxy: 'own:2' }, hub)).toMatchObject({ http: { name: 'hub:1' }, noProxy: '' });
    expect(ownProxies({ NO_PROXY: '*' }, hub)).toMatchObject({ https: { name: 'hub:1' }, noProxy: '*' });
    expect(ownProxies({ NO_PROXY: '*' }, null)).toBeNull();
  });

  it('hide their passwords in logs', () => {
    expect(proxySecrets({ HTTPS_PROXY: 'http://me:p%40ss@proxy:1', NO_PROXY: 'x,y' })).toEqual([
      'http://me:p%40ss@proxy:1',
      'p%40ss',
      'p@ss',
    ]);
  });
});
