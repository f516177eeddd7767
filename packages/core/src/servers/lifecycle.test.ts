import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { makeDraft, makeRemoteDraft, makeTestCore, type TestCore, unbounded } from '../testing.ts';
import { addDemoServer, registerServer, restartServer, startServer, stopServer, testServer } from './lifecycle.ts';
import { listLogs, revealSecret } from './logs.ts';
import { createServer, getServer, listServers, removeServer } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore();
});
afterAll(() => hub.close());
afterEach(async () => {
  hub.runtime.failing.clear();
  for (const { id } of (await listServers(hub.ctx(), { limit: 100 })).items) await removeServer(hub.ctx(), { id });
  hub.runtime.asked.length = 0;
});

function desiredOf(id: string) {
  return hub.runtime.specs.find((spec) => spec.id === id)?.desired;
}

describe('registerServer', () => {
  it('starts first, then stores the very spec that was started', async () => {
    const server = await registerServer(hub.ctx(), makeDraft({ env: { KEY: 'value' } }));
    expect(server).toMatchObject({ id: 'files', desired: 'on', status: { phase: 'running' } });
    expect(hub.runtime.asked).toEqual(['probe files adopt']);
    expect(hub.runtime.specs).toHaveLength(1);
  });

  it('stores nothing where the start fails, and says why', async () => {
    hub.runtime.failing.set('files', 'command not found: uvx');
    const attempt = registerServer(hub.ctx(), makeDraft({ args: ['${TOKEN}'] }));
    await expect(attempt).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/command not found: uvx.*TOKEN/),
    });
    expect((await listServers(hub.ctx(), {})).total).toBe(0);
    hub.runtime.failing.clear();
    await registerServer(hub.ctx(), makeDraft());
  });

  it('refuses a taken id without starting anything', async () => {
    await createServer(hub.ctx(), makeDraft());
    await expect(registerServer(hub.ctx(), makeDraft())).rejects.toMatchObject({ code: 'conflict' });
    expect(hub.runtime.asked).toEqual([]);
  });

  it('probes once where two register one id at once', async () => {
    const both = await Promise.allSettled([1, 2].map(() => registerServer(hub.ctx(), makeDraft())));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(hub.runtime.asked).toEqual(['probe files adopt']);
  });

  it('drops the started instance where the name was taken meanwhile', async () => {
    const probe = hub.runtime.probe.bind(hub.runtime);
    hub.runtime.probe = async (spec, options) => {
      const result = await probe(spec, options);
      await createServer(hub.ctx(), makeRemoteDraft({ id: 'files' }));
      return result;
    };
    await expect(registerServer(hub.ctx(), makeDraft())).rejects.toMatchObject({ code: 'conflict' });
    expect(hub.runtime.asked).toContain('abandon files');
    hub.runtime.probe = probe;
  });

  it('says what a program wrote last, whose log goes with it', async () => {
    const probe = hub.runtime.probe.bind(hub.runtime);
    function line(seq: number, message: string) {
      return { serverId: 'files', seq, time: 0, level: 'info', source: 'stderr', message, instance: null } as const;
    }
    const logs = [line(1, 'downloading'), line(2, 'waiting for a licence')];
    hub.runtime.probe = () =>
      Promise.resolve({
        ok: false,
        error: 'It did not start in 60 s.',
        errorReason: null,
        needsSignIn: false,
        durationMs: 1,
        logs,
      });
    const attempt = registerServer(hub.ctx(), makeDraft());
    await expect(attempt).rejects.toThrow(/60 s\. It said last: downloading \| waiting for a licence$/);
    hub.runtime.probe = probe;
  });

  it('is refused to users for processes', async () => {
    const user = await hub.addUser('user');
    await expect(registerServer(hub.ctx(user), makeDraft())).rejects.toMatchObject({ code: 'forbidden' });
    expect(hub.runtime.asked).toEqual([]);
  });
});

describe('start, stop and restart', () => {
  it('write the wish and tell the runtime', async () => {
    await createServer(hub.ctx(), makeDraft());
    const stopped = await stopServer(hub.ctx(), { id: 'files', timeoutMs: 5_000 });
    expect(stopped).toMatchObject({ desired: 'stopped', status: { phase: 'stopped' } });
    expect(desiredOf('files')).toBe('stopped');
    expect(hub.runtime.asked).toEqual(['stop files 5000']);
    const started = await startServer(hub.ctx(), { id: 'files', wait: true });
    expect(started).toMatchObject({ desired: 'on', status: { phase: 'running' } });
    await startServer(hub.ctx(), { id: 'files' });
    expect(hub.runtime.asked).toEqual(['stop files 5000']);
  });

  it('kill at once where the stop is not graceful', async () => {
    await createServer(hub.ctx(), makeDraft());
    await stopServer(hub.ctx(), { id: 'files', graceful: false });
    expect(hub.runtime.asked).toEqual(['stop files 0']);
  });

  it('keep the wish and its audit where a server does not come back', async () => {
    await createServer(hub.ctx(), makeDraft());
    hub.runtime.failing.set('files', 'no such file');
    await expect(restartServer(hub.ctx(), { id: 'files' })).rejects.toMatchObject({
      code: 'unavailable',
      message: "Server 'files' did not start: no such file",
    });
    expect((await getServer(hub.ctx(), { id: 'files' })).lastRestartAt).not.toBeNull();
    const rows = await hub.testDb.db.select().from(tables.audit).where(eq(tables.audit.action, 'server.operate'));
    expect(rows.at(-1)).toMatchObject({ subject: 'files', details: { desired: 'on' } });
  });

  it('start a stopped server by restart', async () => {
    await createServer(hub.ctx(), makeDraft({ desired: 'stopped' }));
    expect(await restartServer(hub.ctx(), { id: 'files' })).toMatchObject({
      desired: 'on',
      status: { phase: 'running' },
    });
  });

  it('say that an unknown server is not there', async () => {
    await expect(startServer(hub.ctx(), { id: 'nope' })).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringMatching(/nope/),
    });
  });
});

describe('testServer', () => {
  it('starts the draft under an id of its own and stores nothing', async () => {
    expect(await testServer(hub.ctx(), { draft: makeDraft() })).toMatchObject({ ok: true });
    expect(hub.runtime.asked[0]).toMatch(/^probe test-\w{6}$/);
    expect((await listServers(hub.ctx(), {})).total).toBe(0);
  });

  it('puts stored values where *** stands, for who may configure the server', async () => {
    await createServer(hub.ctx(), makeDraft({ env: { KEY: 'stored' } }));
    const draft = makeDraft({ env: { KEY: '***' } });
    const specs: unknown[] = [];
    const probe = hub.runtime.probe.bind(hub.runtime);
    hub.runtime.probe = (spec, options) => {
      specs.push(spec.launch);
      return probe(spec, options);
    };
    await testServer(hub.ctx(), { draft, existingId: 'files' });
    hub.runtime.probe = probe;
    expect(specs).toMatchObject([{ env: { KEY: 'stored' } }]);
    const user = await hub.addUser('user');
    const attempt = testServer(hub.ctx(user), { draft: makeRemoteDraft(), existingId: 'files' });
    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('addDemoServer', () => {
  it('adds it once', async () => {
    expect(await addDemoServer(hub.ctx(), {})).toMatchObject({ id: 'demo', command: 'node' });
    expect(await addDemoServer(hub.ctx(), {})).toMatchObject({ id: 'demo' });
    expect((await listServers(hub.ctx(), {})).total).toBe(1);
  });
});

describe('revealSecret', () => {
  it('shows one value and writes that down, without the value', async () => {
    await createServer(hub.ctx(), makeDraft({ env: { KEY: 'plain' } }));
    expect(await revealSecret(hub.ctx(), { id: 'files', field: 'env', name: 'KEY' })).toEqual({ value: 'plain' });
    const rows = await hub.testDb.db.select().from(tables.audit).where(eq(tables.audit.action, 'secret.reveal'));
    expect(rows).toMatchObject([{ subject: 'files', details: { field: 'env', name: 'KEY' } }]);
    await expect(revealSecret(hub.ctx(), { id: 'files', field: 'env', name: 'NO' })).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  it('is refused to API keys, whoever owns them', async () => {
    await createServer(hub.ctx(), makeDraft({ env: { KEY: 'plain' } }));
    const { id: userId, username } = hub.admin;
    const key = { type: 'key', id: 'k', userId, username, role: 'admin', scopes: ['*'], bounds: unbounded } as const;
    await expect(revealSecret(hub.ctx(key), { id: 'files', field: 'env', name: 'KEY' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('listLogs', () => {
  it('filters by severity, time and text, and gives the latest in order', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'logging' }));
    for (const [level, message] of [
      ['debug', 'a'],
      ['info', 'b'],
      ['warn', 'c'],
      ['error', 'needle'],
      ['info', 'e'],
    ] as const) {
      hub.runtime.addLog({ serverId: 'logging', level, message });
    }
    async function messages(input: object) {
      return (await listLogs(hub.ctx(), { id: 'logging', ...input })).lines.map(({ message }) => message);
    }
    expect(await messages({})).toEqual(['a', 'b', 'c', 'needle', 'e']);
    expect(await messages({ level: 'warn' })).toEqual(['c', 'needle']);
    expect(await messages({ limit: 2 })).toEqual(['needle', 'e']);
    expect(await messages({ search: 'NEED' })).toEqual(['needle']);
    const [first] = (await listLogs(hub.ctx(), { id: 'logging' })).lines;
    expect(await messages({ afterSeq: first?.seq, limit: 1 })).toEqual(['b']);
    expect(await messages({ since: new Date(Date.now() + 60_000) })).toEqual([]);
  });
});
