import { describe, expect, it } from 'vitest';
import { configuredHeaders, headerSet, withHeaders } from './http-headers.ts';

describe('headers', () => {
  it('of the owner never replace those of the protocol', () => {
    const given = {
      'X-Key': 'a',
      Accept: 'text/html',
      'content-length': '5',
      'Mcp-Session-Id': 'x',
      Connection: 'close',
    };
    expect(configuredHeaders(given)).toEqual(['x-key', 'a']);
  });

  it.each([
    ['X Key', 'a'],
    ['X-Key', 'a\r\nb'],
    ['', 'a'],
    ['X-Key', '新'],
  ])('named "%s" with the value "%s" are refused', (name, value) => {
    expect(() => configuredHeaders({ [name]: value })).toThrow(/characters that HTTP does not allow/);
  });

  it('carry a name of ours unless the owner gives one', () => {
    expect(headerSet([], []).headers).toEqual(['user-agent', 'switchboard']);
    expect(headerSet([], ['user-agent', 'mine']).headers).toEqual(['user-agent', 'mine']);
  });

  it('of one message win and stay when a redirect leads elsewhere', () => {
    const set = withHeaders(headerSet(['mcp-protocol-version', '1'], ['x-key', 'secret']), {
      'MCP-Protocol-Version': '2',
    });
    expect(set.headers).toEqual(['MCP-Protocol-Version', '2', 'user-agent', 'switchboard', 'x-key', 'secret']);
    expect(set.publicHeaders).toEqual(['MCP-Protocol-Version', '2', 'user-agent', 'switchboard']);
  });
});
