import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { startHub } from '../support/hub-process.ts';
import { processesNaming } from '../support/processes.ts';
import { until } from '../support/until.ts';

/** Process servers under accounts of their own: what one runs can neither read nor disturb another. */

const isRoot = process.getuid?.() === 0;
const title = isRoot ? 'accounts of servers' : 'accounts of servers (skipped: only root can start programs under them)';

/** A server of one tool, which runs a line of shell and gives what it printed. */
const shellServer = `
  const { execSync } = require('node:child_process');
  const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
  const run = (line) => {
    try { return execSync(line + ' 2>&1', { encoding: 'utf8' }); } catch (error) { return error.stdout; }
  };
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    if (method === 'initialize') {
      const serverInfo = { name: 'shell', version: '1' };
      say({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo } });
    } else if (method === 'tools/list') say({ id, result: { tools: [{ name: 'run', inputSchema: { type: 'object' } }] } });
    else say({ id, result: { content: [{ type: 'text', text: run(params.arguments.line) }] } });
  }).on('close', () => process.exit());`;

const draft = { kind: 'stdio' as const, command: 'node', args: ['-e', shellServer], isolation: 'shared' as const };

describe.skipIf(!isRoot)(title, () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ CHILD_MAX_PROCESSES: '300' });
  });
  afterAll(() => app?.stop());

  function servers() {
    return app.client().servers;
  }
  async function running(id: string): Promise<number> {
    let pid: number | null = null;
    await until(
      async () => {
        const { status } = await servers().get.query({ id });
        pid = status.phase === 'running' ? status.pid : null;
        return pid !== null;
      },
      `${id} runs`,
      90_000,
    );
    return pid ?? 0;
  }
  async function add(id: string, more: Partial<Parameters<ReturnType<typeof servers>['create']['mutate']>[0]> = {}) {
    await servers().create.mutate({ id, ...draft, ...more });
    return running(id);
  }
  function uidOf(pid: number): number {
    return statSync(`/proc/${pid}`).uid;
  }
  async function run(id: string, line: string): Promise<string> {
    const { body } = await app.json('/api/mcp/tools/call', { body: { toolName: `${id}/run`, arguments: { line } } });
    return String(body.data?.content ?? JSON.stringify(body)).trim();
  }

  test('a new server has a uid and a home of its own, and another cannot reach either', async () => {
    const one = await add('one', { env: { TOKEN: 'sk-of-one' } });
    const two = await add('two');
    const [uid, other] = [uidOf(one), uidOf(two)];
    for (const each of [uid, other]) expect(each >= 61_200 && each <= 64_999, String(each)).toBe(true);
    expect(uid).not.toBe(other);
    const home = await run('one', 'echo $HOME; pwd');
    const expected = path.join(app.dataDir, 'homes', String(uid));
    expect(home.split('\n')).toEqual([expected, expected]);
    expect(statSync(expected).mode & 0o777).toBe(0o700);
    expect(await run('one', 'id -u; id -g; id -G')).toBe([uid, uid, uid].join('\n'));
    expect(await run('one', 'cat /proc/$PPID/environ')).toContain('sk-of-one');
    for (const line of [`cat /proc/${one}/environ`, `kill -9 ${one}`, `ls ${expected}`, `ls ${app.dataDir}/homes`]) {
      expect(await run('two', line), line).toMatch(/denied|not permitted/i);
    }
    expect(await running('one')).toBe(one);
  });

  test('its program cannot gain rights, and has its limits', async () => {
    const pid = await add('bounded');
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toMatch(/^node\0-e/);
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
    for (const line of [/^Max processes +300 +300 /m, /^Max core file size +0 +0 /m, /^Max file size +4294967296 /m]) {
      expect(limits).toMatch(line);
    }
    expect(limits).toMatch(/^Max address space +unlimited /m);
  });

  test('a server under the shared account stays there until its own is chosen, and may go back', async () => {
    const before = await add('former', { account: 'shared' });
    expect(uidOf(before)).toBe(65_534);
    expect(readFileSync(`/proc/${before}/limits`, 'utf8')).not.toMatch(/^Max processes +300 /m);
    const { account } = await servers().update.mutate({ id: 'former', patch: { account: 'own' } });
    expect(account).toBe('own');
    await until(async () => (await running('former')) !== before, 'it runs anew', 90_000);
    const uid = uidOf(await running('former'));
    expect(uid).toBeGreaterThanOrEqual(61_200);
    await servers().update.mutate({ id: 'former', patch: { account: 'shared' } });
    await until(async () => uidOf(await running('former')) === 65_534, 'it runs under the shared account', 90_000);
    await servers().update.mutate({ id: 'former', patch: { account: 'own' } });
    await until(async () => uidOf(await running('former')) === uid, 'it has the uid of before', 90_000);
  });

  test('nothing of a removed server is left: neither its home nor what it started and hid', async () => {
    const uid = uidOf(await add('removed'));
    const mark = `hidden-${uid}-${Date.now()}`;
    await run(
      'removed',
      `echo secret > ~/file; ln -s /etc ~/etc; env -i setsid sh -c 'sleep 300; : ${mark}' > /dev/null 2>&1 & :`,
    );
    await until(() => processesNaming(mark).length > 0, 'it has started something');
    await servers().remove.mutate({ id: 'removed' });
    expect(existsSync(path.join(app.dataDir, 'homes', String(uid)))).toBe(false);
    expect(processesNaming(mark)).toEqual([]);
    expect(existsSync('/etc/passwd')).toBe(true);
  });

  test('a draft that is tried out leaves nothing either', async () => {
    await add('kept');
    const homes = readdirSync(path.join(app.dataDir, 'homes'));
    expect(await servers().test.mutate({ draft: { name: 'Draft', ...draft } })).toMatchObject({ ok: true });
    expect(await servers().test.mutate({ draft: { name: 'Kept', ...draft }, existingId: 'kept' })).toMatchObject({
      ok: true,
    });
    expect(readdirSync(path.join(app.dataDir, 'homes'))).toEqual(homes);
  });

  test('a registered server keeps the account it was tried under, and a failed one gives it back', async () => {
    const { status } = await app.json('/api/mcp/servers', {
      body: { id: 'registered', type: 'stdio', command: draft.command, args: draft.args },
    });
    expect(status).toBeLessThan(300);
    const homes = readdirSync(path.join(app.dataDir, 'homes'));
    expect(homes).toContain(String(uidOf(await running('registered'))));
    const failed = await app.json('/api/mcp/servers', {
      body: { id: 'failed', type: 'stdio', command: 'false' },
    });
    expect(failed.status).toBeGreaterThanOrEqual(400);
    expect(readdirSync(path.join(app.dataDir, 'homes'))).toEqual(homes);
  });
});

test.skipIf(!isRoot)(
  'a killed hub’s children of any account are ended at its next start',
  async () => {
    await using hub = await startHub();
    const stubborn = path.join(import.meta.dirname, '../support/mcp/fault-stdio.ts');
    await hub.add('stubborn', { kind: 'stdio', command: process.execPath, args: [stubborn, '--stubborn'] });
    const { pid } = (await hub.api.servers.get.query({ id: 'stubborn' })).status;
    expect(statSync(`/proc/${pid}`).uid).toBeGreaterThanOrEqual(61_200);
    await hub.end('SIGKILL');
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    await hub.restart();
    function state() {
      return existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] : 'gone';
    }
    await until(() => ['gone', 'Z'].includes(state() ?? ''), 'the child of the killed hub has ended');
  },
  300_000,
);
