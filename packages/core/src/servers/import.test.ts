import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDomainError } from '../errors.ts';
import { parseClientConfig } from './import.ts';

const draftsOf = (config: unknown) => parseClientConfig(JSON.stringify(config)).map(({ draft }) => draft);
const one = (entry: unknown) => parseClientConfig(JSON.stringify({ mcpServers: { it: entry } }))[0];

describe('parseClientConfig', () => {
  const stdio = { command: 'npx', args: ['-y', 'x'], env: { KEY: 'v' } };

  it.each([
    ['Claude Desktop, Cursor', { mcpServers: { files: stdio } }],
    ['VS Code', { servers: { files: { type: 'stdio', ...stdio } }, inputs: [] }],
    ['VS Code settings', { mcp: { servers: { files: stdio } } }],
    ['Zed', { context_servers: { files: { source: 'custom', ...stdio } } }],
    ['Zed, older', { context_servers: { files: { command: { path: 'npx', args: ['-y', 'x'], env: { KEY: 'v' } } } } }],
    ['the bare map', { files: stdio }],
  ])('reads %s', (_client, config) => {
    expect(draftsOf(config)).toMatchObject([{ id: 'files', name: 'files', kind: 'stdio', ...stdio }]);
  });

  it.each([
    [{ type: 'http' }, 'streamable-http'],
    [{ type: 'streamable-http' }, 'streamable-http'],
    [{ transportType: 'streamable_http' }, 'streamable-http'],
    [{ transport: 'streamableHttp' }, 'streamable-http'],
    [{ type: 'SSE' }, 'sse'],
    [{}, 'streamable-http'],
  ])('reads the transport from %j', (words, kind) => {
    expect(one({ url: 'https://example.com/mcp', ...words })?.draft).toMatchObject({ kind });
  });

  it('reads Windsurf’s and Gemini’s addresses, headers, and guesses SSE by the address', () => {
    const headers = { Authorization: 'Bearer ${TOKEN}' };
    expect(one({ serverUrl: 'https://example.com/sse', headers })?.draft).toMatchObject({ kind: 'sse', headers });
    expect(one({ httpUrl: 'https://example.com/mcp' })?.draft).toMatchObject({ url: 'https://example.com/mcp' });
  });

  it('tolerates comments, trailing commas and a byte order mark', () => {
    const text = '\uFEFF{\n// my servers\n"mcpServers": { "a": { "command": "x", /* y */ "args": ["1",], }, },\n}';
    expect(parseClientConfig(text)).toMatchObject([{ draft: { command: 'x', args: ['1'] } }]);
  });

  it('reads what a README shows: entries without braces around them, and a fence', () => {
    const entry = '"files": { "command": "npx", "args": ["-y", "x"] }';
    const map = `{ "mcpServers": { ${entry} } }`;
    for (const text of [entry, `${entry},`, `\n\`\`\`json\n${map}\n\`\`\`\n`, `"mcpServers": { ${entry} }`]) {
      expect(parseClientConfig(text)).toMatchObject([{ draft: { id: 'files', command: 'npx' } }]);
    }
  });

  it('loses no entry: neither one that stands twice nor one with a strange name', () => {
    const text = '{"mcpServers": {"a": {"command": "x"}, "__proto__": {"command": "y"}, "a": {"command": "z"}}}';
    expect(parseClientConfig(text).map(({ name, draft }) => [name, draft?.command])).toEqual([
      ['a', 'x'],
      ['__proto__', 'y'],
      ['a', 'z'],
    ]);
  });

  it('reads disabled, numbers in env, and leaves null out', () => {
    const entry = { command: 'x', disabled: true, env: { PORT: 80, DEBUG: true, NONE: null }, args: [1] };
    expect(one(entry)?.draft).toMatchObject({ desired: 'disabled', env: { PORT: '80', DEBUG: 'true' }, args: ['1'] });
  });

  it('asks for VS Code’s inputs and fills in those given', () => {
    const text = JSON.stringify({ servers: { a: { command: 'x', env: { K: '${input:key}', H: '${env:HOST}' } } } });
    expect(parseClientConfig(text)).toMatchObject([
      { missingInputs: ['key'], draft: { env: { K: '', H: '${HOST}' } } },
    ]);
    expect(parseClientConfig(text, { key: 'v' })).toMatchObject([{ missingInputs: [], draft: { env: { K: 'v' } } }]);
  });

  it.each([
    [{}, /"command" or a "url"/],
    [{ command: '' }, /command: must not be empty/],
    [{ command: 5 }, /command/],
    [{ url: 'nope' }, /url: must be an absolute/],
    [{ type: 'carrier-pigeon', url: 'https://x.test' }, /carrier-pigeon/],
    [{ command: 'x', args: 'y' }, /args/],
    ['x', /must be an object/],
    [null, /must be an object/],
  ])('says what is wrong with %j and reads the rest', (entry, reason) => {
    const [wrong, right] = parseClientConfig(JSON.stringify({ mcpServers: { wrong: entry, right: { command: 'x' } } }));
    expect(wrong).toMatchObject({ draft: null, error: expect.stringMatching(reason) });
    expect(right).toMatchObject({ error: null });
  });

  it.each([
    ['{"mcpServers": {"a": }', /line 1, column 22 a value is missing/],
    ['{"mcpServers": {"a": {"command": "x"}}', /line 1, column \d+ a "}" is missing/],
    ['{"a": {"command": "x"}}\n{}', /line 2, column 1 stands more than one value/],
    ["{'a': 1}", /text needs double quotes/],
    ['['.repeat(100_000), /nested more than 64 levels/],
    [`{"a": {"command": "x", "z": ${'['.repeat(50_000)}${']'.repeat(50_000)}}}`, /nested more than 64 levels/],
    ['[]', /JSON object/],
    ['{}', /mcpServers/],
    ['{"command": "x"}', /without a name/],
    ['{"mcpServers": []}', /by name/],
    ['', /empty: paste a config/],
    ['"filesystem"', /must be a JSON object/],
  ])('says why it cannot read %s', (text, reason) => expect(() => parseClientConfig(text)).toThrow(reason));

  it('fails with a clear error or gives entries, whatever comes in', () => {
    const attempt = (text: string) => {
      try {
        for (const { draft, error } of parseClientConfig(text)) expect(draft === null).toBe(error !== null);
      } catch (error) {
        expect(isDomainError(error)).toBe(true);
      }
    };
    fc.assert(fc.property(fc.string(), attempt));
    fc.assert(fc.property(fc.json(), (json) => attempt(`{"mcpServers": ${json}}`)));
    fc.assert(fc.property(fc.json(), (json) => attempt(`{"mcpServers": {"a": ${json}, "__proto__": ${json}}}`)));
    const words = fc.constantFrom('command', 'url', 'type', 'args', 'env', 'headers', 'disabled', 'cwd');
    fc.assert(
      fc.property(fc.dictionary(words, fc.jsonValue()), (entry) =>
        attempt(JSON.stringify({ mcpServers: { a: entry } })),
      ),
    );
  });
});
