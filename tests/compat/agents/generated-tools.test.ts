import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../support/app.ts';
import { addPerson } from '../../support/people.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp();
});
afterAll(() => app.stop());

afterEach(async () => {
  const { body } = await app.json('/api/mcp/servers');
  for (const { id } of body.data) await app.fetch(`/api/mcp/servers/${id}`, { method: 'DELETE' });
});

function post(path: string, body: Json) {
  return app.json(path, { method: 'POST', body });
}

const weather = {
  folder_name: 'weather_tool',
  script_files: { 'main.py': 'def main():...', 'tool.py': 'def weather_query():...' },
  readme: '工具说明文档',
  dependencies: 'requests==2.28.0',
};
function register(more: Json = {}) {
  return post('/mcp/register-tool', { ...weather, ...more });
}

/** As the document has it. */
const curlLine = `curl -X POST http://localhost:8000/mcp/register-tool \\
  -H "Content-Type: application/json" \\
  -d '{
    "folder_name": "weather_tool",
    "script_files": {
      "main.py": "def main():..."
    },
    "readme": "天气查询工具",
    "dependencies": "requests==2.28.0"
  }'`;

describe.each(['', '/api'])('below %j', (prefix) => {
  verifies(94, 'registers a tool, which is disabled until it is reviewed', async () => {
    const { status, body } = await post(`${prefix}/mcp/register-tool`, weather);
    expect([status, body]).toEqual([200, { status: 'success', message: "MCP工具 'weather_tool' 注册成功" }]);
    const server = await app.client().servers.get.query({ id: 'weather_tool' });
    expect(server).toMatchObject({ kind: 'generated', desired: 'disabled', description: '工具说明文档' });
    expect(server.status).toMatchObject({
      phase: 'stopped',
      message: 'Disabled until its files are reviewed and enabled.',
      pid: null,
    });
    const again = await post(`${prefix}/mcp/register-tool`, weather);
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('weather_tool')]);
  });

  verifies(95, 'lists the names of generated tools', async () => {
    expect(await app.json(`${prefix}/mcp/ai-tools`)).toMatchObject({ status: 200, body: [] });
    await register();
    await register({ folder_name: 'news_tool' });
    await app.json('/api/servers', { body: { name: 'other', url: 'https://example.com/mcp', enabled: false } });
    expect((await app.json(`${prefix}/mcp/ai-tools`)).body).toEqual(['weather_tool', 'news_tool']);
  });
});

verifies(94, 'takes the example of the document', async () => {
  expect(await app.curl(curlLine, { 'http://localhost:8000': app.url })).toEqual({
    status: 'success',
    message: "MCP工具 'weather_tool' 注册成功",
  });
  const listed = await app.curl('curl "http://localhost:8000/mcp/ai-tools"', { 'http://localhost:8000': app.url });
  expect(listed).toEqual(['weather_tool']);
});

verifies(94, 'wants all four fields', async () => {
  for (const field of Object.keys(weather)) {
    const { status, body } = await register({ [field]: undefined });
    expect([status, body.detail]).toEqual([422, expect.anything()]);
  }
  expect((await app.json('/mcp/ai-tools')).body).toEqual([]);
});

const manyFiles = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`f${at}.py`, '']));

test.each<[string, Json]>([
  ['a folder above', { folder_name: '../x' }],
  ['a path as name', { folder_name: 'a/b' }],
  ['no name', { folder_name: '' }],
  ['a long name', { folder_name: 'x'.repeat(65) }],
  ['another script', { folder_name: '天气' }],
  ['a reserved word', { folder_name: 'tools' }],
  ['a file above', { script_files: { 'main.py': '', '../x.py': '' } }],
  ['a file far above', { script_files: { 'main.py': '', 'a/../../x.py': '' } }],
  ['an absolute file', { script_files: { 'main.py': '', '/etc/passwd': '' } }],
  ['a file of Windows', { script_files: { 'main.py': '', 'C:\\x.py': '' } }],
  ['a hidden file', { script_files: { 'main.py': '', '.env': '' } }],
  ['a NUL in a path', { script_files: { 'main.py': '', 'x\0.py': '' } }],
  ['a NUL in a file', { script_files: { 'main.py': 'x\0' } }],
  ['half a character', { script_files: { 'main.py': '\ud800' } }],
  ['a file that is a folder', { script_files: { 'main.py': '', a: '', 'a/b.py': '' } }],
  ['deep folders', { script_files: { 'main.py': '', [`${'a/'.repeat(20)}b.py`]: '' } }],
  ['many files', { script_files: { 'main.py': '', ...manyFiles } }],
  ['a large file', { script_files: { 'main.py': 'x'.repeat(262_145) } }],
  ['much in all', { script_files: { 'main.py': '', ...filled(5, 'y'.repeat(262_000)) } }],
  ['no main file', { script_files: { 'tool.py': '' } }],
  ['no files', { script_files: {} }],
  ['an option of the package manager', { dependencies: 'requests --index-url http://x' }],
  ['an address of a package', { dependencies: 'git+https://example.com/x' }],
  ['a package of the disk', { dependencies: './x' }],
  ['many packages', { dependencies: 'a '.repeat(101) }],
])('refuses %s with 400 and says why', async (_, more) => {
  const { status, body } = await register(more);
  expect([status, body.detail]).toEqual([400, expect.stringMatching(new RegExp(`^${Object.keys(more)[0]}[.:]`))]);
  expect((await app.json('/mcp/ai-tools')).body).toEqual([]);
});

function filled(count: number, text: string): Json {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}.py`, text]));
}

test('keeps files, and removes them with the server', async () => {
  await register({ script_files: { 'server.ts': 'export {};', 'lib/__init__.py': '' } });
  const tool = await app.client().generatedTools.get.query({ id: 'weather_tool' });
  expect(tool).toMatchObject({ main: 'server.ts', state: 'disabled', reviewed: false, before: null, hosts: [] });
  expect(tool.files.map(({ path }) => path)).toEqual(['server.ts', 'lib/__init__.py']);
  const { body } = await post('/mcp/remove', ['weather_tool']);
  expect(body).toMatchObject({ status: 'success', removed_servers: ['weather_tool'] });
  expect((await app.json('/mcp/ai-tools')).body).toEqual([]);
  await expect(app.client().generatedTools.get.query({ id: 'weather_tool' })).rejects.toMatchObject({
    data: { code: 'NOT_FOUND' },
  });
  expect((await register()).status).toBe(200);
});

test('takes names that cannot stand in a URL', async () => {
  expect((await register({ folder_name: '-my__tool_' })).body.message).toBe("MCP工具 '-my__tool_' 注册成功");
  expect((await app.json('/mcp/ai-tools')).body).toEqual(['-my__tool_']);
  expect((await register({ folder_name: '-my__tool_' })).status).toBe(409);
  expect((await post('/mcp/remove', ['-my__tool_'])).body.status).toBe('success');
});

test('is shown to those who see its server, and enabled by nobody but who may run programs', async () => {
  const maker = await addPerson(app, 'maker');
  const other = await addPerson(app, 'other');
  expect((await maker.json('/mcp/register-tool', { body: weather })).status).toBe(200);
  expect((await maker.json('/mcp/ai-tools')).body).toEqual(['weather_tool']);
  expect((await other.json('/mcp/ai-tools')).body).toEqual([]);
  const { hash } = await maker.client().generatedTools.get.query({ id: 'weather_tool' });
  const enable = { id: 'weather_tool', hash };
  for (const caller of [maker, other]) {
    await expect(caller.client().generatedTools.enable.mutate(enable)).rejects.toMatchObject({
      data: { code: 'FORBIDDEN' },
    });
  }
  await expect(maker.client().servers.start.mutate({ id: 'weather_tool' })).rejects.toThrow(/reviewed/);
  await expect(maker.client().servers.update.mutate({ id: 'weather_tool', patch: { desired: 'on' } })).rejects.toThrow(
    /reviewed/,
  );
  await expect(
    app.client().servers.update.mutate({ id: 'weather_tool', patch: { kind: 'stdio', command: 'true' } }),
  ).rejects.toThrow(/generated tool/);
});

test('is enabled as it was looked at, and disabled by each change', async () => {
  await register();
  const client = app.client();
  const before = await client.generatedTools.get.query({ id: 'weather_tool' });
  const enabled = await client.generatedTools.enable.mutate({
    id: 'weather_tool',
    hash: before.hash,
    hosts: ['api.example.com'],
  });
  expect(enabled).toMatchObject({ state: 'enabled', reviewed: true, hosts: ['api.example.com'] });
  const changed = await client.generatedTools.change.mutate({
    id: 'weather_tool',
    files: { 'main.py': 'import os', 'new.py': '' },
  });
  expect(changed).toMatchObject({
    state: 'disabled',
    reviewed: false,
    hosts: [],
    changes: {
      files: [
        { path: 'main.py', change: 'changed', diff: { added: 1, removed: 1, isCut: false } },
        { path: 'new.py', change: 'added' },
        { path: 'tool.py', change: 'removed' },
      ],
      readme: false,
      dependencies: false,
    },
    before: { files: before.files, hosts: ['api.example.com'] },
  });
  expect(await client.servers.get.query({ id: 'weather_tool' })).toMatchObject({ desired: 'disabled' });
  await expect(client.generatedTools.enable.mutate({ id: 'weather_tool', hash: before.hash })).rejects.toMatchObject({
    data: { code: 'CONFLICT' },
  });
  await client.generatedTools.enable.mutate({ id: 'weather_tool', hash: changed.hash });
  const disabled = await client.generatedTools.disable.mutate({ id: 'weather_tool' });
  expect(disabled).toMatchObject({ state: 'disabled', reviewed: false });
  await expect(client.servers.start.mutate({ id: 'weather_tool' })).rejects.toThrow(/reviewed/);
});

test.each(['127.0.0.1', 'localhost', '[::1]', '10.0.0.1:80', 'http://x.com', '*', 'a..b', 'x.1'])(
  'grants no access to %s',
  async (host) => {
    await register();
    const { hash } = await app.client().generatedTools.get.query({ id: 'weather_tool' });
    await expect(
      app.client().generatedTools.enable.mutate({ id: 'weather_tool', hash, hosts: [host] }),
    ).rejects.toMatchObject({ data: { code: 'BAD_REQUEST' } });
  },
);
