import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { findTestDeno } from '../support/deno.ts';

/** What the built-in model makes on a fresh hub is what runs on it, from the first word to a call. */

const found = await findTestDeno();
const title = 'missing' in found ? ` (skipped: ${found.missing})` : '';
let app: TestApp;
let folder = '';

describe.skipIf('missing' in found)(`a tool of a dialogue${title}`, { timeout: 300_000 }, () => {
  beforeAll(async () => {
    if ('missing' in found) return;
    folder = mkdtempSync(path.join(tmpdir(), 'switchboard-dialogue-'));
    // Where every account may run it.
    chmodSync(folder, 0o755);
    const program = path.join(folder, 'deno');
    copyFileSync(found.program, program);
    chmodSync(program, 0o755);
    app = await createTestApp({ TOOL_SANDBOX: 'deno', TOOL_DENO: program });
  });
  afterAll(async () => {
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is reviewed, enabled and called', async () => {
    const client = app.client();
    const said = { requirement: 'A tool that greets', model_name: 'demo', stream: false };
    const first = await app.json('/mcp/generate', { body: said });
    const finish = { ...said, requirement: '<end>END</end>', conversation_id: first.body.conversation_id };
    const done = await app.json('/mcp/generate', { body: finish });
    expect([done.status, done.body.completion?.tool_name]).toEqual([200, 'demo_tool']);
    const { id, hash, main } = await client.generatedTools.get.query({ id: 'demo_tool' });
    expect(main).toBe('main.mjs');
    await client.generatedTools.enable.mutate({ id, hash, hosts: [] });
    await expect
      .poll(async () => (await client.servers.get.query({ id })).status, { timeout: 60_000 })
      .toMatchObject({ phase: 'running' });
    const asked = { server_name: id, tool_name: 'greet', params: { name: 'Ada' } };
    expect((await app.json('/mcp/test-tool', { body: asked })).body).toMatchObject({
      status: 'success',
      result: 'Hello, Ada.',
    });
  });
});
