import { useEffect, useState } from 'react';
import { toFailure, useTRPCClient, type Outputs } from '../../lib/trpc.ts';
import { useSettled } from '../../lib/use-settled.ts';
import { useStream } from '../../lib/use-stream.ts';
import { toFilter, type LogSearch } from './search.ts';

export type LogRecord = Outputs['logs']['list']['items'][number];

/** Records that are read at once, and records that are kept on the page. */
const firstRecords = 500;
const mostRecords = 2_000;
/** Records of before that are shown besides; whoever wants to go further back narrows the time. */
const mostOlder = 5_000;
/** A log that says nothing by then has nothing to show. */
const settleMs = 1_200;

interface Older {
  records: readonly LogRecord[];
  /** Where reading goes on; null: nothing more is there, or was read yet. */
  cursor: string | null;
  state: 'unread' | 'reading' | 'more' | 'done';
}

interface Seen {
  key: string;
  records: readonly LogRecord[];
  /** What was before them, read on request. */
  older: Older;
  /** What came while nobody wanted to see more; null: everything is shown. */
  held: readonly LogRecord[] | null;
  /** There is an answer, even if it is that there is nothing. */
  settled: boolean;
  failure: string | null;
}

const unread: Older = { records: [], cursor: null, state: 'unread' };

function begun(key: string): Seen {
  return { key, records: [], older: unread, held: null, settled: false, failure: null };
}

/** The log as it is written, by the filters of the address; with others it begins anew. */
export function useLog(search: LogSearch) {
  const api = useTRPCClient();
  const key = useSettled(JSON.stringify(search), 250);
  const [seen, setSeen] = useState(() => begun(key));
  function update(change: (old: Seen) => Partial<Seen>) {
    setSeen((old) => {
      const current = old.key === key ? old : begun(key);
      return { ...current, ...change(current) };
    });
  }
  useEffect(() => {
    const timer = setTimeout(
      () => setSeen((old) => ({ ...(old.key === key ? old : begun(key)), settled: true })),
      settleMs,
    );
    return () => clearTimeout(timer);
  }, [key]);
  useStream<LogRecord>({
    key,
    open: (on) =>
      api.logs.follow.subscribe({ ...toFilter(JSON.parse(key) as LogSearch, Date.now()), limit: firstRecords }, on),
    onStart: () => update(() => ({ records: [], older: unread, failure: null })),
    onItems: (items) => {
      update(({ records, held }) => ({
        settled: true,
        ...(held
          ? { held: [...held, ...items].slice(-mostRecords) }
          : { records: [...records, ...items].slice(-mostRecords) }),
      }));
    },
    onEnd: () => update(() => ({ settled: true })),
    onError: (error) => update(() => ({ settled: true, failure: toFailure(error).message })),
  });
  const current = seen.key === key ? seen : begun(key);
  async function readOlder() {
    const [first] = current.records;
    const { older } = current;
    if (!first || older.state === 'reading') return;
    update(() => ({ older: { ...older, state: 'reading' } }));
    const filter = toFilter(JSON.parse(key) as LogSearch, Date.now());
    const from = older.cursor === null ? { until: new Date(first.timestamp) } : { cursor: older.cursor };
    try {
      const page = await api.logs.list.query({ ...filter, ...from, limit: firstRecords });
      update(({ records }) => {
        const known = new Set([...older.records, ...records].map(({ id }) => id));
        const found = page.items.filter(({ id }) => !known.has(id)).toReversed();
        const all = [...found, ...older.records];
        const more = page.nextCursor !== null && all.length < mostOlder;
        return { older: { records: all, cursor: page.nextCursor, state: more ? 'more' : 'done' } };
      });
    } catch (error) {
      update(() => ({ older, failure: toFailure(error).message }));
    }
  }
  return {
    records: current.older.records.length === 0 ? current.records : [...current.older.records, ...current.records],
    older: current.older.state,
    readOlder,
    settled: current.settled,
    failure: current.failure,
    waiting: current.held?.length ?? 0,
    paused: current.held !== null,
    pause: () => update(() => ({ held: [] })),
    resume: () =>
      update(({ records, held }) => ({ records: [...records, ...(held ?? [])].slice(-mostRecords), held: null })),
  };
}
