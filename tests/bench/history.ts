import path from 'node:path';
import { createDb } from '@switchboard/db';
import { type HubProcess, startHub } from '../support/hub-process.ts';

export interface HistoryRow {
  what: string;
  ms: number;
  /** Lines a second, of an export. */
  linesPerSecond?: number;
}

const days = 30;

/** Fills the histories of a running hub. */
async function fill(hub: HubProcess, calls: number, changes: number): Promise<void> {
  const socketDir = path.join(hub.dataDir, 'pg/socket');
  const { sql, close } = createDb({ socketDir, port: 5432, user: 'switchboard', database: 'switchboard' }, { max: 1 });
  function between(n: number) {
    return (days * 86_400) / n;
  }
  await sql`
    insert into call_records (id, started_at, duration_ms, server_id, endpoint, method, name, outcome, credential, user_id,
      client_name, via, request_id, address)
    select 'call-' || lpad(n::text, 9, '0'), now() - make_interval(secs => (${calls}::int - n) * ${between(calls)}::float8),
      n % 100, 'server-' || (n % 200), 'all', 'tools/call', 'tool_' || (n % 37), case n % 50 when 0 then 'error' else 'ok' end,
      'key:person-' || (n % 300) || ':key-' || (n % 600), 'person-' || (n % 300), 'client', 'mcp', gen_random_uuid()::text,
      '10.0.0.' || (n % 250)
    from generate_series(1, ${calls}::int) as n`;
  await sql`
    insert into audit (at, action, actor_type, actor_id, user_id, actor_name, subject, address, way)
    select now() - make_interval(secs => (${changes}::int - n) * ${between(changes)}::float8), 'group.update', 'user', 'x',
      'person-' || (n % 300), 'person', 'group-' || (n % 300), '10.0.0.1', 'trpc'
    from generate_series(1, ${changes}::int) as n`;
  await sql`analyze`;
  await close();
}

/** Milliseconds of a request, the median of several, and the lines of its answer. */
async function time(hub: HubProcess, pathname: string, times: number): Promise<{ ms: number; lines: number }> {
  const taken: number[] = [];
  let lines = 0;
  for (let n = 0; n < times; n += 1) {
    const started = performance.now();
    const answer = await fetch(hub.origin + pathname, { headers: hub.headers });
    if (!answer.ok || !answer.body) throw new Error(`${pathname}: ${answer.status} ${await answer.text()}`);
    lines = 0;
    for await (const chunk of answer.body) for (const byte of chunk) if (byte === 10) lines += 1;
    taken.push(performance.now() - started);
  }
  return { ms: taken.toSorted((a, b) => a - b)[Math.floor(times / 2)] ?? 0, lines };
}

function trpc(procedure: string, input: object) {
  return `/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`;
}
function logs(query: string) {
  return `/api/audit/logs?${query}`;
}

/** What pages and exports take over a long history. */
export async function measureHistory(quick: boolean): Promise<HistoryRow[]> {
  await using hub = await startHub({ bundled: true });
  const calls = quick ? 150_000 : 1_000_000;
  await fill(hub, calls, calls / 5);
  const pages: [string, string][] = [
    ['overview', trpc('system.overview', {})],
    ['calls, the newest 50', trpc('calls.list', {})],
    ['calls of one server', trpc('calls.list', { serverId: 'server-7' })],
    ['calls, a search without a hit', trpc('calls.list', { search: 'nothing holds this' })],
    ['audit, the newest 50', logs('')],
    ['audit of one user', logs('user=person-7')],
    ['audit, a search without a hit', logs('search=nothing+holds+this')],
  ];
  const rows: HistoryRow[] = [];
  for (const [what, pathname] of pages) rows.push({ what, ms: (await time(hub, pathname, 9)).ms });
  for (const format of ['jsonl', 'csv']) {
    const { ms, lines } = await time(hub, logs(`format=${format}`), 1);
    rows.push({ what: `export as ${format}, ${lines} lines`, ms, linesPerSecond: lines / (ms / 1000) });
  }
  return rows;
}
