import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHeaderValue, encodeHeaderValue, nameSource, paramHeaders, routingHeaders } from './param-headers.ts';

describe('a header value', () => {
  test('comes back as it was, whatever it is, in characters that headers allow', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '=', '?', 'é', '天', '\n', '\t', '=?base64?', '?=') }),
        (value) => {
          const encoded = encodeHeaderValue(value);
          expect(encoded).toMatch(/^[\x20-\x7e\t]*$/);
          expect(decodeHeaderValue(encoded)).toBe(value);
        },
      ),
    );
  });

  test('stays readable where it may', () => {
    expect(encodeHeaderValue('us-west 1')).toBe('us-west 1');
    expect(encodeHeaderValue(' padded')).toMatch(/^=\?base64\?.*\?=$/);
  });

  test('in base64 that is not canonical is refused', () => {
    expect(decodeHeaderValue('=?base64?YQ?=')).toBeNull();
    expect(decodeHeaderValue('=?base64?YQ==?=')).toBe('a');
  });
});

describe('the headers of a call', () => {
  const schema = {
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      deep: { properties: { size: { type: 'number', 'x-mcp-header': 'Size' } } },
      plain: { type: 'string' },
      bad: { type: 'string', 'x-mcp-header': 'not a header' },
    },
  };

  test('mirror what the schema marks, at every depth', () => {
    const args = { region: 'eu', deep: { size: 3 }, plain: 'x', bad: 'y' };
    expect(paramHeaders(schema, args)).toEqual({ 'mcp-param-region': 'eu', 'mcp-param-size': '3' });
  });

  test.each([
    [undefined, {}],
    [schema, undefined],
    [schema, { region: null, deep: 7 }],
    [schema, { region: ['eu'] }],
    [{ properties: { toString: { 'x-mcp-header': 'A' }, ['__proto__']: { 'x-mcp-header': 'B' } } }, {}],
    [{ properties: [] }, { region: 'eu' }],
  ])('are none for %j and %j', (given, args) => {
    expect(paramHeaders(given, args)).toEqual({});
  });

  test('name method, version and what the method is about', () => {
    expect(routingHeaders('2026-07-28', 'tools/call', { name: 'écho' })).toEqual({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': encodeHeaderValue('écho'),
    });
    expect(routingHeaders('2026-07-28', 'tools/list', {})).not.toHaveProperty('mcp-name');
  });

  test('take no name from where there is none', () => {
    expect(nameSource('resources/read', { uri: 'a:b' })).toEqual({ field: 'uri', value: 'a:b' });
    expect(nameSource('tools/call', { name: 7 })).toEqual({ field: 'name', value: null });
    expect(nameSource('constructor', {})).toBeNull();
  });
});
