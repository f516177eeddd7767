import { describe, expect, it } from 'vitest';
import { parseClientConfig } from '../import.ts';

/** Each text is what that client's documentation describes, with names of our own. */
function read(text: string) {
  return parseClientConfig(text).map(({ name, draft, error, tools, ignored, literal }) => ({
    name,
    ...draft,
    error,
    tools,
    ignored,
    literal,
  }));
}

const notes = {
  name: 'notes',
  kind: 'stdio',
  command: 'npx',
  args: ['-y', 'notes-mcp'],
  env: { NOTES_TOKEN: '${NOTES_TOKEN}' },
  error: null,
  ignored: [],
};
const tracker = {
  name: 'tracker',
  kind: 'streamable-http',
  url: 'https://tracker.example/mcp',
  headers: { Authorization: 'Bearer ${TRACKER_TOKEN}' },
  error: null,
};

describe('a config of', () => {
  it('Codex is read from TOML', () => {
    const text = `
# ~/.codex/config.toml
model = "some-model"

[mcp_servers.notes]
command = "npx"
args = ["-y", "notes-mcp"]
env_vars = ["NOTES_TOKEN"]
startup_timeout_sec = 20
tool_timeout_sec = 45.5
enabled = false

[mcp_servers.tracker]
url = "https://tracker.example/mcp"
bearer_token_env_var = "TRACKER_TOKEN"
http_headers = { "X-Team" = "blue" }
env_http_headers = { "X-Key" = "TRACKER_KEY" }
enabled_tools = ["search"]

[mcp_servers."two words".env]
A = "b"
[mcp_servers."two words"]
command = "two"
`;
    expect(read(text)).toMatchObject([
      { ...notes, desired: 'disabled', limits: { startTimeoutMs: 20_000, callTimeoutMs: 45_500 } },
      {
        ...tracker,
        headers: { ...tracker.headers, 'X-Team': 'blue', 'X-Key': '${TRACKER_KEY}' },
        tools: { only: ['search'], off: [] },
        ignored: [],
      },
      { name: 'two words', command: 'two', env: { A: 'b' } },
    ]);
  });

  it('Goose is read from YAML, and what is part of Goose says so', () => {
    const text = `
GOOSE_PROVIDER: some-provider
extensions:
  notes:
    name: Notes
    type: stdio
    enabled: true
    cmd: npx
    args: [-y, notes-mcp]
    envs: {}
    env_keys:
      - NOTES_TOKEN
    timeout: 300
  tracker:
    type: streamable_http
    enabled: false
    uri: https://tracker.example/mcp
    headers:
      Authorization: Bearer $TRACKER_TOKEN
  developer:
    type: builtin
    enabled: true
  older:
    enabled: false
    config: { type: stdio, cmd: older, args: [] }
`;
    expect(read(text)).toMatchObject([
      { ...notes, name: 'Notes', id: 'notes', desired: 'on', ignored: ['timeout'] },
      { ...tracker, desired: 'disabled' },
      { name: 'developer', error: { text: expect.stringMatching(/part of its client/) } },
      { name: 'older', command: 'older', desired: 'disabled' },
    ]);
  });

  it('Continue is read from YAML, as a list of names', () => {
    const text = `name: My assistant
version: 1.0.0
schema: v1
mcpServers:
  - name: notes
    command: npx
    args:
      - "-y"
      - notes-mcp
    env:
      NOTES_TOKEN: \${{ secrets.NOTES_TOKEN }}
  - name: tracker
    type: streamable-http
    url: https://tracker.example/mcp
    requestOptions:
      headers:
        Authorization: Bearer \${{ secrets.TRACKER_TOKEN }}
      timeout: 5
`;
    expect(read(text)).toMatchObject([notes, { ...tracker, ignored: ['requestOptions.timeout'] }]);
  });

  it.each([
    ['opencode', { mcp: 'direct' }],
    ['opencode 2', { mcp: 'servers' }],
  ])('%s is read: one list for the command, {env:NAME}', (_client, { mcp }) => {
    const servers = {
      notes: {
        type: 'local',
        command: ['npx', '-y', 'notes-mcp'],
        environment: { NOTES_TOKEN: '{env:NOTES_TOKEN}' },
        enabled: false,
      },
      tracker: {
        type: 'remote',
        url: 'https://tracker.example/mcp',
        headers: { Authorization: 'Bearer {env:TRACKER_TOKEN}', 'X-File': '{file:~/.key}' },
        oauth: false,
      },
    };
    const text = JSON.stringify({
      $schema: 'https://opencode.ai/config.json',
      mcp: mcp === 'servers' ? { timeout: { startup: 5 }, servers } : servers,
    });
    expect(read(text)).toMatchObject([
      { ...notes, desired: 'disabled' },
      {
        ...tracker,
        headers: { ...tracker.headers, 'X-File': '{file:~/.key}' },
        ignored: ['oauth'],
        literal: ['headers.X-File'],
      },
    ]);
  });

  it('Crush is read, and says what would come from a command', () => {
    const text = JSON.stringify({
      $schema: 'https://charm.land/crush.json',
      lsp: { go: { command: 'gopls' } },
      mcp: {
        notes: { type: 'stdio', command: 'npx', args: ['-y', 'notes-mcp'], env: { NOTES_TOKEN: '$NOTES_TOKEN' } },
        tracker: {
          type: 'http',
          url: 'https://tracker.example/mcp',
          headers: { Authorization: 'Bearer $TRACKER_TOKEN', 'X-Key': '$(cat ~/.key)' },
          disabled: true,
          disabled_tools: ['delete'],
        },
      },
    });
    expect(read(text)).toMatchObject([
      notes,
      {
        ...tracker,
        headers: {},
        desired: 'disabled',
        tools: { only: null, off: ['delete'] },
        ignored: [],
        literal: ['headers.X-Key'],
      },
    ]);
  });

  it.each([['amp.mcpServers'], ['mcp.servers']])('Amp and VS Code are read from the one key %s', (key) => {
    const servers = { notes: { command: 'npx', args: ['-y', 'notes-mcp'], env: { NOTES_TOKEN: '${NOTES_TOKEN}' } } };
    expect(read(JSON.stringify({ 'editor.fontSize': 12, [key]: servers }))).toMatchObject([notes]);
  });

  it('Gemini CLI is read: httpUrl before url, $NAME', () => {
    const text = JSON.stringify({
      mcpServers: {
        notes: { command: 'npx', args: ['-y', 'notes-mcp'], env: { NOTES_TOKEN: '$NOTES_TOKEN' }, trust: true },
        tracker: {
          httpUrl: 'https://tracker.example/mcp',
          url: 'https://tracker.example/sse',
          headers: { Authorization: 'Bearer $TRACKER_TOKEN' },
        },
        stream: { url: 'https://tracker.example/sse' },
      },
    });
    expect(read(text)).toMatchObject([
      { ...notes, ignored: ['trust'] },
      { ...tracker, ignored: ['url'] },
      { name: 'stream', kind: 'sse' },
    ]);
  });

  it('Claude Code is read with the servers of its projects', () => {
    const server = { type: 'stdio', command: 'npx', args: ['-y', 'notes-mcp'], env: { NOTES_TOKEN: '${NOTES_TOKEN}' } };
    const text = JSON.stringify({
      numStartups: 3,
      mcpServers: { general: { command: 'g' } },
      projects: {
        '/home/me/one': { allowedTools: [], mcpServers: { notes: server, db: { command: 'one' } } },
        'C:\\work\\two\\': { mcpServers: { notes: server, db: { command: 'two' }, general: { command: 'g' } } },
        '/home/me/three': { mcpServers: {} },
        '/home/me/four': { mcpServers: { general: { command: 'other' } } },
      },
    });
    expect(read(text)).toMatchObject([
      { name: 'general', command: 'g' },
      notes,
      { name: 'db (one)', command: 'one' },
      { name: 'db (two)', command: 'two' },
      { name: 'general (four)', command: 'other' },
    ]);
    const alone = JSON.stringify({ mcpServers: {}, projects: { '/p': { mcpServers: { notes: server } } } });
    expect(read(alone)).toMatchObject([notes]);
  });

  it.each([
    ['a list', [{ name: 'notes', command: 'npx', args: ['-y', 'notes-mcp'], env: { NOTES_TOKEN: '${NOTES_TOKEN}' } }]],
    [
      'Cherry Studio',
      {
        mcpServers: {
          notes: { ...entry(), isActive: false, registryUrl: '' },
          tracker: { type: 'streamableHttp', baseUrl: 'https://tracker.example/mcp' },
        },
      },
    ],
    ['a dev container', { customizations: { vscode: { mcp: { servers: { notes: entry() } } } } }],
    ['a workspace', { folders: [], settings: { mcp: { servers: { notes: entry() } } } }],
  ])('%s is read', (_client, config) => {
    const [first] = read(JSON.stringify(config));
    expect(first).toMatchObject({ ...notes, ignored: expect.any(Array) });
  });

  it('the Messages API is read', () => {
    const list = [
      { type: 'url', url: 'https://tracker.example/mcp', name: 'tracker', authorization_token: '${TRACKER_TOKEN}' },
    ];
    expect(read(JSON.stringify({ mcp_servers: list }))).toMatchObject([tracker]);
  });

  it('LibreChat is read from YAML, and what it fills in for each person is told', () => {
    const text = `mcpServers:
  tracker:
    type: streamable-http
    url: https://tracker.example/mcp
    headers:
      Authorization: 'Bearer \${TRACKER_TOKEN}'
      X-User: '{{LIBRECHAT_USER_ID}}'
    serverInstructions: true
`;
    expect(read(text)).toMatchObject([
      { ...tracker, headers: {}, ignored: ['serverInstructions'], literal: ['headers.X-User'] },
    ]);
  });

  it('several kinds in one text is read whole: an empty map hides no other', () => {
    const text = JSON.stringify({ mcpServers: {}, servers: { a: { command: 'x' } }, mcp: { b: { command: 'y' } } });
    expect(read(text).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(read('{"mcpServers": {}}')).toEqual([]);
  });
});

function entry() {
  return { command: 'npx', args: ['-y', 'notes-mcp'], env: { NOTES_TOKEN: '${NOTES_TOKEN}' } };
}
