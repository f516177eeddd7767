import type { ChatFigures } from './chat.ts';
import type { Cost } from './costs.ts';
import { median, type ListMeasured } from './driver.ts';
import type { EngineFigures } from './engine.ts';
import type { FreezeRow } from './freeze.ts';
import type { HistoryRow } from './history.ts';
import type { HotRow } from './hot.ts';
import type { StartUp } from './hub.ts';
import type { PeopleFigures } from './people.ts';
import type { Row } from './rounds.ts';
import type { SimulatorFigures } from './simulator.ts';
import type { SocketFigures } from './sockets.ts';
import type { TracingRow } from './tracing.ts';

export interface Lists {
  direct50: ListMeasured;
  direct2000: ListMeasured;
  hub50: ListMeasured;
  hub2000: ListMeasured;
  twentyTimesHundred: ListMeasured;
  hundredAsleep: ListMeasured;
}

export interface Results {
  rows: Row[];
  lists: Lists | null;
  startUp: StartUp | null;
  costs: Cost[];
  /** What traces add to a call. */
  tracing: TracingRow[];
  chat: ChatFigures | null;
  people: PeopleFigures | null;
  simulator: SimulatorFigures | null;
  sockets: SocketFigures | null;
  history: HistoryRow[];
  /** What time series of calls take. */
  series: HistoryRow[];
  /** What the parts written for speed cost beside what they replace. */
  hot: HotRow[];
  freezes: FreezeRow[];
  /** `of direct` is of the same server as a process. */
  containers: Row[];
  engine: EngineFigures | null;
}

export interface Figure {
  title: string;
  value: number;
  limit: number;
  unit: string;
  /** Whether the value has to stay under the limit or reach it. */
  rule: 'at most' | 'at least';
}

export function reached({ value, limit, rule }: Figure): boolean {
  return rule === 'at most' ? value <= limit : value >= limit;
}

function rowOf(rows: Row[], group: string, target: string, concurrency: number): Row | undefined {
  return rows.find((row) => row.group === group && row.target === target && row.concurrency === concurrency);
}

/** Most that traces may add, in percent; without them there is nothing to compare. */
const mostAdded: Readonly<Record<string, number>> = { '0.1': 5, '1': 40 };

function tracingFigures(rows: TracingRow[]): Figure[] {
  return rows.flatMap(({ title, share, morePercent }): Figure[] => {
    const limit = share === null ? undefined : mostAdded[share];
    if (limit === undefined) return [];
    return [{ title: `CPU more: ${title}`, value: morePercent, limit, unit: '%', rule: 'at most' }];
  });
}

function historyFigures(rows: HistoryRow[]): Figure[] {
  const figures: Figure[] = [];
  for (const { what, linesPerSecond } of rows) {
    if (linesPerSecond === undefined) continue;
    figures.push({ title: what, value: linesPerSecond, limit: 20_000, unit: 'lines/s', rule: 'at least' });
  }
  return figures;
}

function freezeFigures(rows: FreezeRow[]): Figure[] {
  return rows.map(({ cause, longestMs }): Figure => {
    return { title: `/health during ${cause}`, value: longestMs, limit: 100, unit: 'ms', rule: 'at most' };
  });
}

function loadFigures(rows: Row[]): Figure[] {
  const figures: Figure[] = [];
  function add(title: string, value: number | undefined, limit: number, unit: string, rule: Figure['rule']): void {
    if (value !== undefined && !Number.isNaN(value)) figures.push({ title, value, limit, unit, rule });
  }
  function of(group: string, target: string, level: number) {
    return rowOf(rows, group, target, level)?.measured;
  }
  // The figures were set with a server of the SDK behind every gateway; a bare one would flatter the relay.
  const http = 'SDK HTTP';
  const hub = of(http, 'hub', 64);
  const relay = of(http, 'relay', 64);
  add('HTTP, c64: CPU per call', hub?.cpuMsPerCall, 0.5, 'ms', 'at most');
  if (hub && relay) {
    add('HTTP, c64: calls/s of the relay', hub.callsPerSecond / relay.callsPerSecond, 0.9, '×', 'at least');
  }
  add('stdio, shared, c64: CPU per call', of('SDK stdio', 'hub', 64)?.cpuMsPerCall, 0.6, 'ms', 'at most');
  const piped = of('SDK stdio', 'pipes', 1);
  const shared = of('SDK stdio', 'hub', 1);
  if (piped && shared) add('stdio, c1: median above the pipes', shared.p50 - piped.p50, 1, 'ms', 'at most');
  for (const level of [16, 64]) {
    const ours = of(http, 'hub', level);
    const theirs = of(http, 'relay', level);
    if (ours && theirs) add(`HTTP, c${level}: p99 of the relay's`, ours.p99 / theirs.p99, 1.5, '×', 'at most');
  }
  const crowded = rows.filter((row) => row.target === 'hub' && row.concurrency === 256);
  if (crowded.length > 0) {
    const errors = crowded.reduce((total, row) => total + row.measured.errors, 0);
    add('c256: errors', errors, 0, '', 'at most');
  }
  const memory = rows.filter((row) => row.target === 'hub' && row.concurrency === 64).map((row) => row.measured.rssMb);
  if (memory.length > 0) add('Memory with 64 sessions', Math.max(...memory), 200, 'MB', 'at most');
  return figures;
}

/** What a container costs a call once it runs. One level alone is at the mercy of the machine: the median of them counts. */
function containerFigures(rows: Row[]): Figure[] {
  const groups = Map.groupBy(
    rows.filter(({ target }) => target === 'container'),
    ({ group }) => group,
  );
  return [...groups].map(([group, of]) => ({
    title: `${group} in a container: calls/s of the process's`,
    value: median(of.map(({ ratioToDirect }) => ratioToDirect)),
    limit: 0.9,
    unit: '×',
    rule: 'at least',
  }));
}

function engineFigures(measured: EngineFigures): Figure[] {
  const { containers, engineMs, hubMs, linesSent, linesSeen, disordered, linesPerSecond, grownMb } = measured;
  const lost = linesSent - linesSeen + disordered;
  const title = `List of ${containers} containers, of the engine's own`;
  return [
    { title, value: hubMs / engineMs, limit: 1.5, unit: '×', rule: 'at most' },
    { title: 'Log followed: lines lost or out of order', value: lost, limit: 0, unit: '', rule: 'at most' },
    { title: 'Log followed: lines a second', value: linesPerSecond, limit: 7_500, unit: '', rule: 'at least' },
    { title: 'Log followed: growth of memory', value: grownMb, limit: 64, unit: 'MB', rule: 'at most' },
    ...freezeFigures(measured.freezes),
  ];
}

function peopleFigures({ people, tools, heapKbAPerson, blocks }: PeopleFigures): Figure[] {
  const where = `${people} people, ${tools} tools`;
  return [
    { title: `${where}: heap a person`, value: heapKbAPerson, limit: 150, unit: 'KB', rule: 'at most' },
    ...blocks.map(({ change, medianMs }): Figure => {
      return { title: `${where}: block by ${change}`, value: medianMs, limit: 50, unit: 'ms', rule: 'at most' };
    }),
  ];
}

function socketFigures({ subscribers, offeredASecond, ...of }: SocketFigures): Figure[] {
  const where = `${offeredASecond} events/s, ${subscribers} clients of /ws`;
  return [
    { title: `${where}: events/s that one gets`, value: of.mostASecond, limit: 500, unit: '', rule: 'at most' },
    { title: `${where}: told or counted as missed`, value: of.accountedFor, limit: 0.9, unit: '×', rule: 'at least' },
    { title: `${where}: growth of memory`, value: of.grownMb, limit: 64, unit: 'MB', rule: 'at most' },
    {
      title: `${where}: p99 of calls of idle's`,
      value: of.busyP99 / of.idleP99,
      limit: 1.5,
      unit: '×',
      rule: 'at most',
    },
  ];
}

function simulatorFigures(of: SimulatorFigures): Figure[] {
  const many = `${of.apps} apps of ${of.actions} actions`;
  const ratio = of.staticMicroseconds / of.demoMicroseconds;
  return [
    {
      title: 'CPU of a static answer, of a call to the demo server',
      value: ratio,
      limit: 1.2,
      unit: '×',
      rule: 'at most',
    },
    { title: `${many}: the list of the page`, value: of.pageListMs, limit: 50, unit: 'ms', rule: 'at most' },
    { title: `${many}: the documented list`, value: of.documentedListMs, limit: 50, unit: 'ms', rule: 'at most' },
    {
      title: `${of.changes} changes by ${of.tokens} tokens at once: lost`,
      value: of.lost,
      limit: 0,
      unit: '',
      rule: 'at most',
    },
  ];
}

/** The figures the project holds itself to, as far as the results tell. */
function chatFigures({ rows, firstByteMs, streamsMb }: ChatFigures): Figure[] {
  const [relay, ...hub] = rows;
  const figures = hub.map(({ way, microseconds }): Figure => {
    const value = microseconds / (relay?.microseconds ?? Number.NaN);
    return { title: `CPU a chunk, 64 streams: ${way}`, value, limit: 1.75, unit: '× relay', rule: 'at most' };
  });
  return [
    ...figures,
    { title: 'First byte of an answer, above direct', value: firstByteMs, limit: 10, unit: 'ms', rule: 'at most' },
    { title: 'Memory of 64 streams', value: streamsMb, limit: 60, unit: 'MB', rule: 'at most' },
  ];
}

function hotFigure({ part, instead, ours, theirs }: HotRow): Figure {
  return { title: `${part} against ${instead}`, value: ours / theirs, limit: 1, unit: '×', rule: 'at most' };
}

export function figuresOf({
  rows,
  lists,
  startUp,
  chat,
  containers,
  engine,
  people,
  simulator,
  sockets,
  history,
  freezes,
  tracing,
  hot,
}: Results): Figure[] {
  const figures = [
    ...loadFigures(rows),
    ...containerFigures(containers),
    ...(engine ? engineFigures(engine) : []),
    ...(people ? peopleFigures(people) : []),
    ...(chat ? chatFigures(chat) : []),
    ...(simulator ? simulatorFigures(simulator) : []),
    ...(sockets ? socketFigures(sockets) : []),
    ...historyFigures(history),
    ...freezeFigures(freezes),
    ...tracingFigures(tracing),
    ...hot.map(hotFigure),
  ];
  if (lists) {
    const ratio = lists.twentyTimesHundred.medianMs / lists.direct2000.medianMs;
    figures.push(
      { title: '2,000 tools of 20 servers, against direct', value: ratio, limit: 1.5, unit: '×', rule: 'at most' },
      {
        title: '500 tools of 100 sleeping servers',
        value: lists.hundredAsleep.medianMs,
        limit: 50,
        unit: 'ms',
        rule: 'at most',
      },
    );
  }
  if (startUp) {
    const { firstMs, warmMs, fullMs } = startUp;
    figures.push(
      { title: 'Ready, first start', value: firstMs / 1000, limit: 8, unit: 's', rule: 'at most' },
      { title: 'Ready, warm start', value: warmMs / 1000, limit: 3, unit: 's', rule: 'at most' },
      { title: 'Ready, warm start, many servers', value: fullMs / 1000, limit: 3, unit: 's', rule: 'at most' },
    );
  }
  return figures;
}
