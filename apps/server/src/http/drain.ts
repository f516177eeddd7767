import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, familyOf } from '@switchboard/api/dialects';
import type { Runtime } from '@switchboard/mcp-runtime/types';

/** Stops a hub without breaking off a single answer. */
export interface Drain {
  /** True from the beginning on: `/ready` says no, and each answer ends its connection. */
  readonly begun: boolean;
  /** True while no request is taken any more, those of probes apart. */
  readonly refusing: boolean;
  /** Counts a request besides MCP's until its answer is out. */
  enter(response: ServerResponse): void;
  /** Gives what `work` gives, or null where the time is over before that. */
  orCut<Value>(work: Promise<Value>): Promise<Value | null>;
  /** Waits as long as the settings say, then answers and ends what is left. Resolves when every answer is written. */
  run(): Promise<void>;
}

export interface DrainOptions {
  /** How long requests are still taken. */
  delayMs: number;
  /** How long those under way may take after that. */
  timeoutMs: number;
  runtime: Pick<Runtime, 'drain' | 'working' | 'endSessions'>;
}

const lookEveryMs = 20;

/** The answer to a request that a stopping hub does not take, or not finish, in the shape of the path's API. */
export function stoppingAnswer(pathname: string): Answer {
  const answer = familyOf(pathname)({ code: 'unavailable', message: 'The hub is stopping; call again.' });
  return { ...answer, status: 503, headers: { ...answer.headers, 'retry-after': '5' } };
}

/** A stream has no last answer to wait for. */
function isEventStream(response: ServerResponse): boolean {
  return response.headersSent && String(response.getHeader('content-type')).startsWith('text/event-stream');
}

/** Keeps count of the requests under way, and brings them to their end. */
export function createDrain({ delayMs, timeoutMs, runtime }: DrainOptions): Drain {
  const open = new Set<ServerResponse>();
  const cuts = new Set<() => void>();
  let phase: 'serving' | 'telling' | 'draining' | 'cut' = 'serving';

  function working(): number {
    return [...open].filter((response) => !isEventStream(response)).length + runtime.working();
  }

  return {
    get begun() {
      return phase !== 'serving';
    },
    get refusing() {
      return phase === 'draining' || phase === 'cut';
    },
    enter(response) {
      open.add(response);
      response.once('close', () => open.delete(response));
    },
    async orCut(work) {
      // A promise of its own for each request: what waits for one that lives as long as the hub is never freed.
      const { promise, resolve } = Promise.withResolvers<null>();
      function cut() {
        resolve(null);
      }
      cuts.add(cut);
      if (phase === 'cut') cut();
      try {
        return await Promise.race([work, promise]);
      } finally {
        cuts.delete(cut);
      }
    },
    async run() {
      if (phase !== 'serving') return;
      phase = 'telling';
      await sleep(delayMs);
      phase = 'draining';
      runtime.drain();
      const until = performance.now() + timeoutMs;
      while (working() > 0 && performance.now() < until) await sleep(lookEveryMs);
      phase = 'cut';
      runtime.endSessions();
      for (const cut of cuts) cut();
      for (const response of open) if (isEventStream(response)) response.end();
    },
  };
}
