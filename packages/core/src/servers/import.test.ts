import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDomainError } from '../errors.ts';
import { parseClientConfig } from './import.ts';

function draftsOf(config: unknown) {
  return parseClientConfig(JSON.stringify(config)).map(({ draft }) => draft);
}
function one(entry: unknown) {
  return parseClientConfig(JSON.stringify({ mcpServers: { it: entry } }))[0];
}

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
    for (const type of ['http', 'remote', 'url']) {
      expect(one({ type, url: 'https://example.com/sse/?a=1' })?.draft).toMatchObject({ kind: 'sse' });
      expect(one({ type, url: 'https://example.com/sse-but-not' })?.draft).toMatchObject({ kind: 'streamable-http' });
    }
    expect(one({ type: 'streamable-http', url: 'https://example.com/sse' })?.draft).toMatchObject({
      kind: 'streamable-http',
    });
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

  it('asks for VS Code’s inputs, fills in those given, and keeps a placeholder for the others', () => {
    const inputs = [{ id: 'api-key', type: 'promptString', description: 'From the console', password: true }];
    const env = { K: 'Bearer ${input:api-key}', H: '${env:HOST}' };
    const text = JSON.stringify({ inputs, servers: { a: { command: 'x', args: ['${input:api-key}'], env } } });
    const ask = { id: 'api-key', description: 'From the console', password: true, usual: '', options: [] };
    expect(parseClientConfig(text)).toMatchObject([
      { asks: [ask], draft: { args: ['${API_KEY}'], env: { K: 'Bearer ${API_KEY}', H: '${HOST}' } } },
    ]);
    expect(parseClientConfig(text)[0]?.open).toEqual(new Map([['API_KEY', 'api-key']]));
    const given = parseClientConfig(text, { inputs: { 'api-key': 'v' } });
    expect(given).toMatchObject([{ asks: [ask], draft: { args: ['v'], env: { K: 'Bearer v' } } }]);
    expect(given[0]?.open.size).toBe(0);
  });

  it('takes what an input usually is, and offers its choices', () => {
    const inputs = [
      { id: 'region', type: 'pickString', options: ['eu', { label: 'US', value: 'us' }], default: 'eu' },
      { id: 5 },
      null,
    ];
    const text = JSON.stringify({ mcp: { inputs, servers: { a: { command: 'x', args: ['${input:region}'] } } } });
    expect(parseClientConfig(text)).toMatchObject([
      { draft: { args: ['eu'] }, asks: [{ id: 'region', usual: 'eu', options: ['eu', 'us'] }] },
    ]);
  });

  it('gives an input no placeholder that reads something else', () => {
    const env = { TOKEN: 'Bearer ${input:token}', A: '${input:密钥}', B: '${input:令牌}', P: '${input:path}' };
    const text = JSON.stringify({ servers: { a: { command: 'x', env } } });
    const [entry] = parseClientConfig(text, { isProvided: (name) => name === 'PATH' });
    expect(entry?.draft?.env).toEqual({
      TOKEN: 'Bearer ${INPUT_TOKEN}',
      A: '${INPUT}',
      B: '${INPUT_2}',
      P: '${INPUT_PATH}',
    });
    expect([...(entry?.open.values() ?? [])]).toEqual(['token', '密钥', '令牌', 'path']);
  });

  it('says which file of variables it did not read', () => {
    expect(one({ command: 'x', envFile: '${workspaceFolder}/.env' })?.envFile).toBe('${workspaceFolder}/.env');
    expect(one({ command: 'x' })?.envFile).toBeNull();
  });

  it('takes the id given for an entry', () => {
    const text = JSON.stringify({ mcpServers: { 'my-server': { command: 'x' } } });
    function idsOf(id: string) {
      return parseClientConfig(text, { ids: { 'my-server': id } });
    }
    expect(idsOf('another')).toMatchObject([{ name: 'my-server', draft: { id: 'another' } }]);
    expect(idsOf('no good')).toMatchObject([{ draft: null, error: { text: expect.stringMatching(/^id: must be/) } }]);
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
    expect(wrong).toMatchObject({ draft: null, error: { text: expect.stringMatching(reason) } });
    expect(right).toMatchObject({ error: null });
  });

  it.each([
    ['{"mcpServers": {"a": }', /line 1, column 22 a value is missing/],
    ['{"mcpServers": {"a": {"command": "x"}}', /line 1, column \d+ a "}" is missing/],
    ['{"a": {"command": "x"}}\n{}', /line 2, column 1 stands more than one value/],
    ["{'a': 1}", /text needs double quotes/],
    ['['.repeat(100_000), /nested more than 64 levels/],
    [`{"a": {"command": "x", "z": ${'['.repeat(50_000)}${']'.repeat(50_000)}}}`, /nested more than 64 levels/],
    ['[]', /No servers were found/],
    ['5', /JSON object/],
    ['{}', /mcpServers/],
    ['{"command": "x"}', /without a name/],
    ['{"mcpServers": "x"}', /by name/],
    ['', /empty: paste a config/],
    ['"filesystem"', /must be a JSON object/],
  ])('says why it cannot read %s', (text, reason) => expect(() => parseClientConfig(text)).toThrow(reason));

  it('fails with a clear error or gives entries, whatever comes in', () => {
    function attempt(text: string) {
      try {
        for (const { draft, error } of parseClientConfig(text)) expect(draft === null).toBe(error !== null);
      } catch (error) {
        expect(isDomainError(error)).toBe(true);
      }
    }
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

describe('what a short config makes long', () => {
  it('is refused for its entry alone where an input is mentioned many times', () => {
    const args = Array.from({ length: 100 }, () => '${input:a}');
    const text = JSON.stringify({ mcpServers: { big: { command: 'x', args }, small: { command: 'y' } } });
    const [big, small] = parseClientConfig(text, { inputs: { a: 'v'.repeat(10_000) } });
    expect(big).toMatchObject({ draft: null, error: { text: 'its inputs come to more than 262144 characters.' } });
    expect(small).toMatchObject({ error: null, draft: { command: 'y' } });
  });

  it('is read in the time of its length where many projects have a server of one name', { timeout: 5_000 }, () => {
    function project(at: number) {
      return [`/p/${at}`, { mcpServers: { notes: { command: 'x', args: [`${at}`] } } }];
    }
    const projects = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => project(at)));
    expect(() => parseClientConfig(JSON.stringify({ mcpServers: {}, projects }))).toThrow('at most 500');
  });
});
