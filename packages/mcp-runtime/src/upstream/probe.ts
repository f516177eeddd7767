import { readCatalog } from '../catalog.ts';
import { noteLines } from '../definitions/notes.ts';
import { reasonOf } from '../reasons.ts';
import type { ProbeResult, ServerSpec } from '../types.ts';
import { describeFailure, wantsSignIn } from './failures.ts';
import { secretsIn } from './launch-facts.ts';
import { LinkError } from './link.ts';
import { listRequester } from './lists.ts';
import { createLogBuffer, type LogBuffer } from './logs.ts';
import { openListed, type Listed } from './open-listed.ts';
import type { UpstreamOptions } from './upstream-options.ts';

/** Starts of servers that are not registered (yet). */
export interface Probes {
  run(spec: ServerSpec, options: { adopt: boolean; signal: AbortSignal }): Promise<ProbeResult>;
  /**
   * Hands over the instance that a successful probe kept for exactly this spec, and adds its output to the server's
   * log.
   */
  claim(spec: ServerSpec): Listed | null;
  abandon(serverId: string): Promise<void>;
  close(): Promise<void>;
}

interface Draft {
  spec: ServerSpec;
  id: string;
  logs: LogBuffer;
  /** Once claimed, the instance's words belong to the registered server. */
  claimed: boolean;
}

const graceMs = 2000;
/** A kept instance nobody claims is closed after this long. */
const keepMs = 60_000;

function start(draft: Draft, options: UpstreamOptions, signal: AbortSignal): Promise<Listed> {
  const { spec, id, logs } = draft;
  return openListed({
    spec,
    id,
    signal,
    graceMs: () => graceMs,
    openLink: options.openLink,
    identity: options.hub,
    unseen: () => options.personal.unseen(spec.id),
    refused: () => null,
    messageLimit: options.messageLimit,
    now: options.now,
    elapsed: options.elapsed,
    async read(instance, limit) {
      const request = listRequester(instance, options.hub, { timeoutMs: spec.limits.startTimeoutMs, signal: limit });
      function failed(method: string, error: unknown): void {
        logs.append('warn', 'hub', `${method} failed: ${describeFailure(error)}`, id);
      }
      const catalog = await readCatalog(instance.identity, request, null, failed, instance.notes);
      for (const { level, text } of noteLines(catalog.notes ?? [])) logs.append(level, 'hub', text, id);
      return catalog;
    },
    onLog(level, source, text) {
      if (draft.claimed) options.onLog(spec.id, level, source, text, id);
      else logs.append(level, source, text, id);
    },
    onNotification: () => undefined,
    onClosed: () => undefined,
  });
}

/** The instance's output so far belongs to the server from now on, as its later output does. */
function handOver(draft: Draft, options: UpstreamOptions): void {
  draft.claimed = true;
  for (const { level, source, message, instance } of draft.logs.list()) {
    options.onLog(draft.spec.id, level, source, message, instance);
  }
}

export function createProbes(options: UpstreamOptions): Probes {
  const kept = new Map<string, Listed & { draft: Draft; timer: NodeJS.Timeout }>();
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  let counter = 0;

  async function abandon(serverId: string): Promise<void> {
    const entry = kept.get(serverId);
    if (entry === undefined) return;
    kept.delete(serverId);
    clearTimeout(entry.timer);
    await entry.instance.close({ graceMs: graceMs }).catch(() => undefined);
  }

  function keep(draft: Draft, listed: Listed): void {
    const { spec } = draft;
    void abandon(spec.id);
    const timer = setTimeout(() => void abandon(spec.id), keepMs);
    timer.unref();
    kept.set(spec.id, { ...listed, draft, timer });
  }

  async function probe(spec: ServerSpec, adopt: boolean, signal: AbortSignal): Promise<ProbeResult> {
    const started = options.now();
    const logs = createLogBuffer({
      serverId: spec.id,
      now: options.now,
      unseen: () => options.personal.unseen(spec.id),
    });
    logs.redact(secretsIn(spec.launch));
    const draft: Draft = { spec, id: `${spec.id}?${++counter}`, logs, claimed: false };
    function told(): { durationMs: number; logs: ReturnType<LogBuffer['list']> } {
      return {
        durationMs: options.now() - started,
        logs: logs.list(),
      };
    }
    try {
      const listed = await start(draft, options, signal);
      if (adopt) keep(draft, listed);
      else await listed.instance.close({ graceMs: graceMs });
      return { ok: true, catalog: listed.catalog, ...told() };
    } catch (error) {
      return {
        ok: false,
        error: describeFailure(error),
        errorReason: reasonOf(error),
        needsSignIn: wantsSignIn(error),
        ...told(),
      };
    }
  }

  return {
    async run(spec, { adopt, signal }) {
      const controller = new AbortController();
      function abort(): void {
        controller.abort(new LinkError('closed', 'The start was given up'));
      }
      for (const above of [signal, closing.signal]) {
        if (above.aborted) abort();
        else above.addEventListener('abort', abort, { once: true });
      }
      const work = probe(spec, adopt, controller.signal);
      running.add(work);
      try {
        return await work;
      } finally {
        running.delete(work);
        for (const above of [signal, closing.signal]) above.removeEventListener('abort', abort);
      }
    },
    claim(spec) {
      const entry = kept.get(spec.id);
      if (entry === undefined) return null;
      if (entry.draft.spec.revision !== spec.revision || !entry.instance.alive()) {
        void abandon(spec.id);
        return null;
      }
      kept.delete(spec.id);
      clearTimeout(entry.timer);
      handOver(entry.draft, options);
      return { instance: entry.instance, catalog: entry.catalog };
    },
    abandon,
    async close() {
      closing.abort();
      await Promise.allSettled(running);
      await Promise.all([...kept.keys()].map(abandon));
    },
  };
}
