import type { Reason } from '../api-types.ts';
import type { Outputs } from '../trpc.ts';
import type { Method } from './methods.ts';

type Yielded<T> = T extends AsyncIterable<infer Each> ? Each : never;
export type RunEvent = Yielded<Outputs['playground']['run']>;
export type Params = { [key: string]: unknown };

export interface RunRequest {
  serverId: string;
  method: Method;
  name: string;
  arguments: Params;
}

export interface Ask {
  askId: string;
  method: string;
  params: Params;
}

/** What a person says to a question: an answer, or that there will be none. */
export type Reply = { result: Params } | { declined: string };

export interface RunLog {
  level: string;
  logger: string | null;
  data: unknown;
}

export type Outcome =
  | { kind: 'running' }
  | { kind: 'result'; result: Params; durationMs: number }
  | {
      kind: 'error';
      code: number | null;
      message: string;
      reason: Reason | null;
      data: unknown;
      durationMs: number;
    }
  | { kind: 'cancelled'; durationMs: number };

/** One call made in the playground, as far as it went. */
export interface Run {
  key: string;
  request: RunRequest;
  startedAt: number;
  runId: string | null;
  /** Of the last event that was taken. */
  seq: number;
  /** Events that the hub did not keep until the page was back. */
  missed: number;
  progress: { done: number; total: number | null; message: string | null } | null;
  logs: RunLog[];
  asks: Ask[];
  outcome: Outcome;
}

const keptLogs = 500;

export function startRun(key: string, request: RunRequest, startedAt: number): Run {
  return {
    key,
    request,
    startedAt,
    runId: null,
    seq: 0,
    missed: 0,
    progress: null,
    logs: [],
    asks: [],
    outcome: { kind: 'running' },
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function notified(run: Run, method: string, params: Params): Run {
  if (method === 'notifications/progress' && typeof params['progress'] === 'number') {
    const total = typeof params['total'] === 'number' ? params['total'] : null;
    return { ...run, progress: { done: params['progress'], total, message: text(params['message']) } };
  }
  if (method === 'notifications/message') {
    const line = { level: text(params['level']) ?? 'info', logger: text(params['logger']), data: params['data'] };
    return { ...run, logs: [...run.logs, line].slice(-keptLogs) };
  }
  return run;
}

type Happening = RunEvent | { type: 'cancelled'; at: number } | { type: 'answered'; askId: string };

/** The run after something happened to it; a finished run stays as it is. */
export function nextRun(run: Run, event: Happening): Run {
  if (run.outcome.kind !== 'running') return run;
  if (!('seq' in event)) return taken(run, event);
  return event.seq <= run.seq ? run : { ...taken(run, event), seq: event.seq };
}

function taken(run: Run, event: Happening): Run {
  switch (event.type) {
    case 'started':
      return { ...run, runId: event.runId };
    case 'notification':
      return notified(run, event.method, event.params);
    case 'ask':
      return { ...run, asks: [...run.asks, { askId: event.askId, method: event.method, params: event.params }] };
    case 'answered':
      return { ...run, asks: run.asks.filter((ask) => ask.askId !== event.askId) };
    case 'gap':
      return { ...run, missed: run.missed + event.missed };
    case 'result':
      return { ...run, asks: [], outcome: { kind: 'result', result: event.result, durationMs: event.durationMs } };
    case 'error': {
      const { code, message, reason = null, data, durationMs } = event;
      return { ...run, asks: [], outcome: { kind: 'error', code, message, reason, data, durationMs } };
    }
    case 'cancelled':
      return { ...run, asks: [], outcome: { kind: 'cancelled', durationMs: event.at - run.startedAt } };
  }
}

/** How a run ended, in one word. */
export function outcomeOf(run: Run): 'running' | 'ok' | 'tool_error' | 'error' | 'cancelled' {
  const { outcome } = run;
  if (outcome.kind !== 'result') return outcome.kind;
  return outcome.result['isError'] === true ? 'tool_error' : 'ok';
}
