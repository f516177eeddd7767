import type { JsonObject } from '@switchboard/agents';

/** The shortest time between two reports of one call. */
const leastMs = 500;
const longestMessage = 300;

/** Reports the progress of calls. */
export interface Progress {
  add(callId: string, params: JsonObject): void;
  /** Drops reports that wait. */
  end(): void;
}

interface OfCall {
  toldAt: number;
  /** The last report, where it was not passed on yet. */
  waiting: JsonObject | null;
  timer: NodeJS.Timeout | undefined;
}

/** Only what is shown: a server may send anything along. */
function shown({ progress, total, message }: JsonObject): JsonObject | null {
  if (typeof progress !== 'number') return null;
  return {
    progress,
    ...(typeof total === 'number' && { total }),
    ...(typeof message === 'string' && { message: message.slice(0, longestMessage).toWellFormed() }),
  };
}

/**
 * Passes on the progress of calls, as often as a person can notice. A server may send progress without end: the log
 * would then drop all other events of the round, its questions included.
 */
export function createProgress(tell: (callId: string, progress: JsonObject) => void): Progress {
  const calls = new Map<string, OfCall>();

  function flush(callId: string, call: OfCall) {
    call.timer = undefined;
    if (call.waiting === null) return;
    tell(callId, call.waiting);
    call.waiting = null;
    call.toldAt = performance.now();
  }
  return {
    add(callId, params) {
      const progress = shown(params);
      if (progress === null) return;
      const call = calls.get(callId) ?? { toldAt: Number.NEGATIVE_INFINITY, waiting: null, timer: undefined };
      calls.set(callId, call);
      call.waiting = progress;
      const left = leastMs - (performance.now() - call.toldAt);
      if (left <= 0 && call.timer === undefined) flush(callId, call);
      else call.timer ??= setTimeout(() => flush(callId, call), left).unref();
    },
    end() {
      for (const { timer } of calls.values()) clearTimeout(timer);
      calls.clear();
    },
  };
}
