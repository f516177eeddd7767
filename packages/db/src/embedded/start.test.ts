import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '@switchboard/basics';
import { createDb, type Connection } from '../client.ts';
import { migrate } from '../migrate.ts';
import { copyTestCluster } from '../testing-cluster.ts';
import { databaseRoom } from '../testing-place.ts';
import { identify, isAlive, signal } from './process.ts';
import { startEmbedded, type EmbeddedPostgres } from './start.ts';

let dataDir: string;
const running = new Set<EmbeddedPostgres>();
const children = new Set<ChildProcess>();

beforeEach(async () => {
  dataDir = mkdtempSync(join(databaseRoom, 'switchboard-embedded-'));
  await copyTestCluster(dataDir);
});
/** What a start finds where no database has been before: making one takes seconds, so only some tests do. */
function empty() {
  rmSync(join(dataDir, 'pg'), { recursive: true });
}
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const postgres of running) await postgres.stop();
  running.clear();
  children.clear();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startEmbedded>[0]> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbedded({ dataDir, ...options });
  running.add(postgres);
  return postgres;
}
async function stop(postgres: EmbeddedPostgres): Promise<void> {
  await postgres.stop();
  running.delete(postgres);
}
async function withDb<Result>(postgres: EmbeddedPostgres, use: (db: Connection) => Promise<Result>): Promise<Result> {
  const connection = createDb(postgres.address, { max: 2 });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/** A hub of its own that starts the database, says its pid and waits to be killed. */
async function startHub(): Promise<{ child: ChildProcess; pid: number }> {
  const module = fileURLToPath(new URL('start.ts', import.meta.url));
  const script = `import { startEmbedded } from ${JSON.stringify(module)};
    const { pid } = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(pid);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, pid: Number(said.toString()) };
}

describe('startEmbedded', () => {
  it('starts from nothing, keeps its data, and leaves no process and no lock', async () => {
    empty();
    const first = await start();
    expect(first.adopted).toBe(false);
    await withDb(first, async (connection) => {
      await migrate(connection);
      await connection.sql`insert into settings (key, value) values ('kept', '1')`;
    });
    await stop(first);
    expect(identify(first.pid)).toBeNull();
    expect(existsSync(join(dataDir, 'hub.lock'))).toBe(false);
    const second = await start();
    expect(await withDb(second, ({ sql }) => sql`select value from settings where key = 'kept'`)).toMatchObject([
      { value: 1 },
    ]);
  });

  it('listens on a private socket only, in a process group and with an environment of its own', async () => {
    process.env['SB_SECRET_OF_THE_HUB'] = 'x';
    const postgres = await start();
    delete process.env['SB_SECRET_OF_THE_HUB'];
    if (!('socketDir' in postgres.address)) throw new Error('no socket');
    expect(statSync(postgres.address.socketDir).mode & 0o777).toBe(0o700);
    const settings = await withDb(
      postgres,
      ({ sql }) => sql`select current_setting('listen_addresses') as listen, current_setting('fsync') as fsync`,
    );
    expect(settings).toMatchObject([{ listen: '', fsync: 'on' }]);
    if (process.platform !== 'linux') return;
    expect(readFileSync(`/proc/${postgres.pid}/environ`, 'utf8')).not.toContain('SB_SECRET_OF_THE_HUB');
    const group = readFileSync(`/proc/${postgres.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2];
    expect(Number(group)).toBe(postgres.pid);
  });

  it.runIf(process.getuid?.() === 0)('runs under an unprivileged account where the hub is root', async () => {
    empty();
    const postgres = await start();
    expect(identify(postgres.pid)?.uid).toBeGreaterThan(0);
    expect(statSync(join(dataDir, 'pg')).mode & 0o077).toBe(0);
  });

  it('refuses a second hub on one DATA_DIR and says which has it', async () => {
    await start();
    await expect(startEmbedded({ dataDir })).rejects.toThrow(
      new RegExp(`in use by another Switchboard \\(process ${process.pid}\\)`),
    );
  });

  it('adopts the database of a hub that was killed', async () => {
    const hub = await startHub();
    const gone = once(hub.child, 'exit');
    hub.child.kill('SIGKILL');
    await gone;
    const postgres = await start();
    expect(postgres).toMatchObject({ adopted: true, pid: hub.pid });
    expect(await withDb(postgres, ({ sql }) => sql`select 1 as one`)).toMatchObject([{ one: 1 }]);
    await stop(postgres);
    expect(identify(hub.pid)).toBeNull();
  });

  it('starts one again that was killed, an adopted one too, and tells so', async () => {
    const hub = await startHub();
    const gone = once(hub.child, 'exit');
    hub.child.kill('SIGKILL');
    await gone;
    const postgres = await start();
    expect(postgres.adopted).toBe(true);
    const troubles: (string | null)[] = [];
    postgres.subscribe(() => void troubles.push(postgres.trouble()));
    signal(hub.pid, 'SIGKILL');
    expect(await waitFor(() => troubles.includes(null), { timeoutMs: 30_000 })).toBe(true);
    expect(troubles[0]).toMatch(/has ended and is started again/);
    expect(postgres.pid).not.toBe(hub.pid);
    expect(await withDb(postgres, ({ sql }) => sql`select 1 as one`)).toMatchObject([{ one: 1 }]);
  });

  it('recovers where database and hub were both killed', async () => {
    const hub = await startHub();
    const gone = once(hub.child, 'exit');
    hub.child.kill('SIGKILL');
    signal(hub.pid, 'SIGKILL');
    await gone;
    const postgres = await start();
    expect(postgres.adopted).toBe(false);
    expect(await withDb(postgres, ({ sql }) => sql`select 1 as one`)).toMatchObject([{ one: 1 }]);
  });

  it('does not take another process that has the old pid for its database', async () => {
    const first = await start();
    await stop(first);
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    children.add(stranger);
    writeFileSync(join(dataDir, 'pg/data/postmaster.pid'), `${stranger.pid}\n${dataDir}\n0\n5432\n\n\n\nready\n`);
    writeFileSync(
      join(dataDir, 'pg/running.json'),
      JSON.stringify({ pid: stranger.pid, start: 'long ago', uid: 0, systemIdentifier: '1', setup: '' }),
    );
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(identify(stranger.pid ?? 0)).not.toBeNull();
  });

  it('replaces a running one whose settings are out of date', async () => {
    const hub = await startHub();
    const gone = once(hub.child, 'exit');
    hub.child.kill('SIGKILL');
    await gone;
    const postgres = await start({ settings: { work_mem: '8MB' } });
    expect(postgres.adopted).toBe(false);
    expect(identify(hub.pid)).toBeNull();
  });

  it('puts the socket elsewhere where DATA_DIR is too deep for one', async () => {
    const deep = join(dataDir, 'd'.repeat(60), 'e'.repeat(60));
    mkdirSync(deep, { recursive: true });
    const postgres = await start({ dataDir: deep });
    expect('socketDir' in postgres.address && postgres.address.socketDir.length).toBeLessThan(94);
    expect(await withDb(postgres, ({ sql }) => sql`select 1 as one`)).toMatchObject([{ one: 1 }]);
    if ('socketDir' in postgres.address) rmSync(postgres.address.socketDir, { recursive: true, force: true });
  });

  it('says what the database said where it cannot start', async () => {
    const first = await start();
    await stop(first);
    const attempt = startEmbedded({ dataDir, settings: { shared_buffers: 'nonsense' } });
    await expect(attempt).rejects.toThrow(/did not start.*shared_buffers/s);
    expect(existsSync(join(dataDir, 'hub.lock'))).toBe(false);
  });
});

describe('migrate', () => {
  it('may run in several processes at once and twice', async () => {
    empty();
    const postgres = await start();
    await withDb(postgres, (one) =>
      withDb(postgres, async (other) => {
        await Promise.all([migrate(one), migrate(other)]);
        await migrate(one);
        expect(await one.sql`select count(*)::int as n from servers`).toMatchObject([{ n: 0 }]);
      }),
    );
  });
});

describe('identify', () => {
  it('knows a process from a later one with its pid', async () => {
    const me = identify(process.pid);
    expect(me && isAlive(me)).toBe(true);
    expect(isAlive({ pid: process.pid, start: 'another' })).toBe(false);
    expect(await waitFor(() => false, { timeoutMs: 20 })).toBe(false);
  });
});
