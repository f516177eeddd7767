import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreateServer } from '@switchboard/core/servers/schema';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { times } from '../support/long.ts';
import { processesNaming } from '../support/processes.ts';
import { findTestEngine, makeServerImage, type ServerImage, suiteTitle } from '../support/server-image.ts';

/** A server behaves the same whether it is a process or a container: one suite for both. */

const found = await findTestEngine();
const launchers = ['process', 'container'] as const;
let made: ServerImage;
let app: TestApp;

beforeAll(async () => {
  if ('missing' in found) return;
  made = await makeServerImage(found.host);
  app = await createTestApp({ ...(found.host !== '' && { DOCKER_HOST: found.host }) });
});
afterAll(async () => {
  await app?.stop();
  await made?.[Symbol.asyncDispose]();
});

function hubId(): string {
  return readFileSync(path.join(app.dataDir, 'hub-id'), 'utf8').trim();
}
function containers() {
  return made.engine.containers.list({ labels: [`switchboard.hub=${hubId()}`] });
}
function folders(): string[] {
  try {
    return readdirSync(`/dev/shm/switchboard-${hubId()}/local`);
  } catch {
    return [];
  }
}

describe.skipIf('missing' in found).for(launchers)(
  suiteTitle('a server as a %s', found),
  { timeout: 300_000 },
  (launcher) => {
    let counter = 0;
    const mark = `launchers-${launcher}-${process.pid}`;

    function draft(args: string[], more: Partial<CreateServer> = {}): CreateServer {
      const id = `${launcher}-${(counter += 1)}`;
      if (launcher === 'process') return { id, kind: 'stdio', ...made.outside('faulty', ...args, mark), ...more };
      const container = { container: { image: made.image } } as Partial<CreateServer>;
      return { id, kind: 'container', ...made.inside('faulty', ...args, mark), ...container, ...more };
    }
    async function start(args: string[] = [], more: Partial<CreateServer> = {}): Promise<string> {
      const { id } = await app.client().servers.create.mutate(draft(args, more));
      return id;
    }
    function server(id: string) {
      return app.client().servers.get.query({ id });
    }
    async function phase(id: string) {
      return (await server(id)).status.phase;
    }
    async function running(...args: Parameters<typeof start>): Promise<string> {
      const id = await start(...args);
      await expect.poll(() => phase(id)).toBe('running');
      return id;
    }
    async function call(id: string, name: string, text = 'hello'): Promise<Json> {
      const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: { text } } };
      const headers = {
        accept: 'application/json, text/event-stream',
        'mcp-method': 'tools/call',
        'mcp-name': name,
        'mcp-protocol-version': '2026-07-28',
      };
      const meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      };
      const response = await app.fetch(`/mcp/${id}`, {
        headers,
        body: { ...body, params: { ...body.params, _meta: meta } },
      });
      const answer = await response.text();
      return JSON.parse(answer.startsWith('{') ? answer : (/^data: (\{.*)$/m.exec(answer)?.[1] ?? 'null'));
    }
    async function echoes(id: string): Promise<string> {
      const { result, error } = await call(id, 'echo');
      return result?.content?.[0]?.text ?? `failed: ${error?.message}`;
    }
    async function logs(id: string) {
      return (await app.client().servers.logs.query({ id, limit: 1000 })).lines;
    }
    async function said(id: string, source: string) {
      return (await logs(id)).filter((line) => line.source === source).map(({ message }) => message);
    }
    async function left(): Promise<unknown[]> {
      return launcher === 'process'
        ? processesNaming(mark).filter(({ pid }) => pid !== process.pid)
        : [...(await containers()), ...folders()];
    }
    async function remove(id: string): Promise<void> {
      await app.client().servers.remove.mutate({ id });
      await expect.poll(left).toEqual([]);
    }

    test('starts, tells its health, answers over MCP, and is gone without a trace when it is removed', async () => {
      const id = await running();
      expect(await server(id)).toMatchObject({
        kind: launcher === 'process' ? 'stdio' : 'container',
        transport: 'stdio',
        status: { health: 'healthy', pid: expect.any(Number), error: null, toolCount: expect.any(Number) },
      });
      expect(await echoes(id)).toBe('hello');
      expect(await said(id, 'hub')).toEqual(['Starting', expect.stringMatching(/^Running as process \d+$/)]);
      expect(await left()).not.toEqual([]);
      await remove(id);
    });

    test('logs what it complains of, its secrets masked', async () => {
      const id = await running(['--say', 'TOKEN'], { env: { TOKEN: 'very-secret-value' } });
      await expect.poll(() => said(id, 'stderr')).toEqual(['the value is ***']);
      const shown = JSON.stringify(await server(id));
      expect(shown).not.toContain('very-secret-value');
      await remove(id);
    });

    test('restarts as another one', async () => {
      const id = await running();
      const before = (await server(id)).status.pid;
      await app.client().servers.restart.mutate({ id });
      expect((await server(id)).status.pid).not.toBe(before);
      expect(await echoes(id)).toBe('hello');
      if (launcher === 'container') expect(await containers()).toHaveLength(1);
      await remove(id);
    });

    test('goes to sleep when nobody calls, and wakes with the next call', async () => {
      const id = await running([], { limits: { idleMs: 200 } });
      await expect.poll(async () => (await server(id)).status.asleep, { timeout: 90_000 }).toBe(true);
      expect(await left()).toEqual([]);
      expect(await echoes(id)).toBe('hello');
      await remove(id);
    });

    test('says how it crashed, and comes back', async () => {
      const id = await running();
      expect(await call(id, 'crash')).toMatchObject({ error: { message: expect.stringContaining('exit code 7') } });
      expect(await said(id, 'hub')).toContainEqual(expect.stringMatching(/exit code 7: segmentation fault/));
      expect(await said(id, 'hub')).toContainEqual(expect.stringMatching(/^The next attempt is in /));
      await expect.poll(() => phase(id), { timeout: 90_000 }).toBe('running');
      expect(await echoes(id)).toBe('hello');
      await remove(id);
    });

    test('that ends at its start says why', async () => {
      const id = await start(['--fault', 'crash-start']);
      await expect.poll(() => phase(id)).toBe('error');
      expect((await server(id)).status.error).toMatch(/exit code 3: cannot open the database/);
      expect(await left()).toEqual([]);
      await remove(id);
    });

    test('is stopped with all it started although it does not want to, while it is called', async () => {
      const id = await running(['--stubborn', '--family']);
      const hanging = call(id, 'hang');
      await expect.poll(async () => (await server(id)).status.inFlight).toBe(1);
      await app.client().servers.stop.mutate({ id, timeoutMs: 300 });
      expect(await left()).toEqual([]);
      expect(await hanging).toMatchObject({ error: { message: expect.any(String) } });
      expect(await said(id, 'hub')).toEqual(expect.arrayContaining(['Stopping', 'Stopped']));
      await remove(id);
    });

    test('may flood its error output', async () => {
      const id = await running(['--fault', 'stderr-flood']);
      for (let round = 0; round < 20; round += 1) expect(await echoes(id)).toBe('hello');
      expect((await logs(id)).length).toBeLessThanOrEqual(2_000);
      await remove(id);
    });

    test('may write garbage between its messages', async () => {
      const id = await running(['--fault', 'garbage']);
      expect((await call(id, 'garbage')).result).toBeDefined();
      expect(await echoes(id)).toBe('hello');
      expect(await said(id, 'stdout')).toContain('Server is starting up...');
      await remove(id);
    });

    test('leaves nothing behind when many come and go', { timeout: 600_000 }, async () => {
      const ids = await Promise.all(Array.from({ length: 4 }, () => running()));
      function descriptors() {
        return readdirSync('/proc/self/fd').length;
      }
      async function cycle(id: string, times: number): Promise<void> {
        for (let round = 0; round < times; round += 1) {
          await app.client().servers.stop.mutate({ id, timeoutMs: 2_000 });
          await app.client().servers.start.mutate({ id, wait: true });
        }
      }
      await Promise.all(ids.map((id) => cycle(id, 1)));
      const before = descriptors();
      const rounds = times(2, 48);
      await Promise.all(ids.map((id) => cycle(id, rounds)));
      for (const id of ids) expect(await echoes(id)).toBe('hello');
      if (launcher === 'container') expect(await containers()).toHaveLength(ids.length);
      // One that every start leaves open stays; those of requests go by themselves.
      await expect.poll(descriptors).toBeLessThan(before + ids.length * rounds);
      for (const id of ids) await app.client().servers.remove.mutate({ id });
      await expect.poll(left).toEqual([]);
    });
  },
);
