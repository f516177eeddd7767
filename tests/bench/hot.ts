import { Alarm } from '../../packages/mcp-runtime/src/hot/alarm.ts';
import { Cancellation } from '../../packages/mcp-runtime/src/hot/cancellation.ts';
import { InFlight } from '../../packages/mcp-runtime/src/hot/in-flight.ts';

/** What one part of `mcp-runtime/src/hot` costs a call, beside what it replaces; CPU of all threads, garbage included. */
export interface HotRow {
  part: string;
  instead: string;
  /** Nanoseconds of CPU a call. */
  ours: number;
  theirs: number;
}

interface Call {
  id: string;
  body: object;
}

const callsPerRun = 300_000;
/** Calls that are open at once, over as many connections: each has few of its own. */
const connections = 64;
const rounds = 5;

function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / callsPerRun;
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Runs both in turn, so that what disturbs the machine disturbs both. */
function compare(part: string, instead: string, ours: () => void, theirs: () => void): HotRow {
  const own: number[] = [];
  const other: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const [a, b] = [cpuOf(ours), cpuOf(theirs)];
    // The first round warms both up.
    if (round === 0) continue;
    own.push(a);
    other.push(b);
  }
  return { part, instead, ours: middle(own), theirs: middle(other) };
}

interface Table {
  add(id: string, call: Call): unknown;
  take(id: string): unknown;
}

function comeAndGo(make: () => Table): void {
  const tables = Array.from({ length: connections }, make);
  const open: string[] = Array.from({ length: connections }, () => '');
  for (let at = 0; at < callsPerRun; at += 1) {
    const which = at % connections;
    const table = tables[which] as Table;
    const last = open[which] ?? '';
    if (last !== '') table.take(last);
    const id = `call-${at}`;
    table.add(id, { id, body: { at } });
    open[which] = id;
  }
}

function tableOfMap(): Table {
  const map = new Map<string, Call>();
  return { add: (id, call) => map.set(id, call), take: (id) => map.delete(id) };
}

function tableInFlight(): Table {
  const calls = new InFlight<string, Call>();
  return { add: (id, call) => calls.add(id, call), take: (id) => calls.take(id) };
}

function oneAlarm(): void {
  const alarm = new Alarm(() => Number.POSITIVE_INFINITY);
  for (let at = 0; at < callsPerRun; at += 1) alarm.by(performance.now() + 120_000);
  alarm.stop();
}

function timerEach(): void {
  for (let at = 0; at < callsPerRun; at += 1) clearTimeout(setTimeout(() => undefined, 120_000).unref());
}

let heard = 0;
function listen(): void {
  heard += 1;
}

function cancellations(make: () => Pick<AbortSignal, 'addEventListener' | 'removeEventListener'>): void {
  for (let at = 0; at < callsPerRun; at += 1) {
    const signal = make();
    signal.addEventListener('abort', listen);
    signal.removeEventListener('abort', listen);
  }
}

/** Compares each part of `mcp-runtime/src/hot` with what it replaces. */
export function measureHot(): HotRow[] {
  return [
    compare(
      'InFlight',
      'Map',
      () => comeAndGo(tableInFlight),
      () => comeAndGo(tableOfMap),
    ),
    compare('Alarm', 'a timer for each', oneAlarm, timerEach),
    compare(
      'Cancellation',
      'AbortController',
      () => cancellations(() => new Cancellation()),
      () => cancellations(() => new AbortController().signal),
    ),
  ];
}
