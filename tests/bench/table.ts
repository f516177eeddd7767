import { grid } from '../support/grid.ts';
import type { ChatFigures } from './chat.ts';
import type { Cost } from './costs.ts';
import { type Figure, type Lists, reached } from './figures.ts';
import type { FreezeRow } from './freeze.ts';
import type { HistoryRow } from './history.ts';
import type { HotRow } from './hot.ts';
import type { PeopleFigures } from './people.ts';
import type { Row } from './rounds.ts';
import type { TracingRow } from './tracing.ts';

function number(value: number, digits: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(digits);
}

/** The load table: one line for each target and level. */
export function loadTable(rows: Row[]): string {
  const head = ['upstream, target', 'c', 'calls/s', 'of direct', 'p50 ms', 'p99 ms', 'CPU ms/call', 'RSS MB', 'errors'];
  const cells = rows.map(({ group, target, concurrency, measured, ratioToDirect }) => [
    `${group}, ${target}`,
    String(concurrency),
    number(measured.callsPerSecond, 0),
    number(ratioToDirect, 2),
    number(measured.p50, 2),
    number(measured.p99, 2),
    number(measured.cpuMsPerCall, 3),
    number(measured.rssMb, 0),
    String(measured.errors),
  ]);
  const failures = rows.flatMap(({ group, target, concurrency, measured }) =>
    Object.entries(measured.kinds).map(([kind, count]) => `  ${group}, ${target}, c${concurrency}: ${count} × ${kind}`),
  );
  return [grid(head, cells), ...failures].join('\n');
}

const listTitles: Record<keyof Lists, string> = {
  direct50: '50 tools, direct',
  hub50: '50 tools, hub',
  direct2000: '2,000 tools, direct',
  hub2000: '2,000 tools of one server, hub',
  twentyTimesHundred: '2,000 tools of 20 servers, hub',
  hundredAsleep: '500 tools of 100 sleeping servers, hub',
};

export function listTable(lists: Lists): string {
  const rows = Object.entries(listTitles).map(([key, title]) => {
    const { tools, firstMs, medianMs } = lists[key as keyof Lists];
    return [title, String(tools), number(firstMs, 1), number(medianMs, 1)];
  });
  return grid(['tools/list', 'tools', 'first ms', 'median ms'], rows);
}

/** What each part of the domain adds to a call. */
export function costTable(costs: Cost[]): string {
  return grid(
    ['of a call', 'CPU µs'],
    costs.map(({ title, microseconds }) => [title, number(microseconds, 1)]),
  );
}

/** What traces cost a call. */
export function tracingTable(rows: TracingRow[]): string {
  return grid(
    ['over HTTP, 16 callers', 'CPU µs a call', 'more'],
    rows.map(({ title, microseconds, morePercent }) => [title, number(microseconds, 0), `${number(morePercent, 1)} %`]),
  );
}

/** What a chunk of an answer costs on its way. */
export function chatTable({ rows, firstByteMs, streamsMb }: ChatFigures): string {
  return grid(
    ['64 streams', 'CPU µs a chunk'],
    [
      ...rows.map(({ way, microseconds }) => [way, number(microseconds, 1)]),
      ['first byte above direct, ms', number(firstByteMs, 1)],
      ['memory that was added, MB', number(streamsMb, 1)],
    ],
  );
}

/** How long a change blocks the hub while many are connected; `told` counts what was sent to them about it. */
export function peopleTable({ blocks }: PeopleFigures): string {
  return grid(
    ['change', 'median block ms', 'longest ms', 'told'],
    blocks.map(({ change, medianMs, longestMs, told }) => [
      change,
      number(medianMs, 1),
      number(longestMs, 1),
      String(told),
    ]),
  );
}

/** What the hub was asked to chew on, and how long it answered nothing else. */
export function freezeTable(rows: FreezeRow[]): string {
  return grid(
    ['/health during', 'longest ms', 'median ms', 'it ended'],
    rows.map(({ cause, longestMs, medianMs, outcome }) => [cause, number(longestMs, 0), number(medianMs, 1), outcome]),
  );
}

export function historyTable(rows: HistoryRow[]): string {
  return grid(
    ['history', 'ms'],
    rows.map(({ what, ms }) => [what, number(ms, 1)]),
  );
}

export function hotTable(rows: HotRow[]): string {
  return grid(
    ['part', 'ns a call', 'instead of', 'ns a call', 'ratio'],
    rows.map(({ part, ours, instead, theirs }) => [
      part,
      number(ours, 0),
      instead,
      number(theirs, 0),
      number(ours / theirs, 2),
    ]),
  );
}

export function figureTable(figures: Figure[]): string {
  const rows = figures.map((figure) => [
    figure.title,
    `${number(figure.value, 2)} ${figure.unit}`.trim(),
    `${figure.rule} ${figure.limit} ${figure.unit}`.trim(),
    reached(figure) ? 'reached' : 'MISSED',
  ]);
  return grid(['figure', 'measured', 'to reach', ''], rows);
}
