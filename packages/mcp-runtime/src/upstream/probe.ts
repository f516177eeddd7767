import { readCatalog } from '../catalog.ts';
import type { Catalog, LogLine, ProbeResult, ServerSpec } from '../types.ts';
import { openInstance } from './instance.ts';
import type { Instance } from './instance.ts';
import { LinkError } from './link.ts';
import { createLogBuffer } from './logs.ts';
import { describeFailure, erasToTry, listRequester } from './primary.ts';
import type { UpstreamOptions } from './upstream.ts';

export interface Adoptable {
  instance: Instance;
  catalog: Catalog;
}

/** Starts of servers that are not registered (yet). */
export interface Probes {
  run(spec: ServerSpec, options: { adopt: boolean; signal: AbortSignal }): Promise<ProbeResult>;
  /** Hands over the instance a successful probe kept for exactly this spec. */
  claim(spec: ServerSpec): Adoptable | null;
  abandon(serverId: string): Promise<void>;
  close(): Promise<void>;
}

const GRACE_MS = 2000;
/** A kept instance nobody claims is closed after this long. */
const KEEP_MS = 60_000;

export function createProbes(options: UpstreamOptions): Probes {
  const kept = new Map<string, Adoptable & { revision: string; timer: NodeJS.Timeout }>();
  let counter = 0;

  const abandon = async (serverId: string): Promise<void> => {
    const entry = kept.get(serverId);
    if (entry === undefined) return;
    kept.delete(serverId);
    clearTimeout(entry.timer);
    await entry.instance.close({ graceMs: GRACE_MS });
  };

  const keep = (spec: ServerSpec, adoptable: Adoptable): void => {
    const timer = setTimeout(() => void abandon(spec.id), KEEP_MS);
    timer.unref();
    kept.set(spec.id, { ...adoptable, revision: spec.revision, timer });
  };

  return {
    async run(spec, { adopt, signal }) {
      const started = options.now();
      const buffer = createLogBuffer({ serverId: spec.id, now: options.now });
      const logs = (): LogLine[] => buffer.list();
      const id = `${spec.id}?${++counter}`;
      // Once adopted, the instance's words belong to the registered server.
      let adopted = false;
      try {
        const instance = await openInstance({
          spec,
          id,
          openLink: options.openLink,
          identity: options.hub,
          eras: erasToTry(spec),
          client: null,
          messageLimit: options.messageLimit,
          now: options.now,
          signal: AbortSignal.any([signal, AbortSignal.timeout(spec.limits.startTimeoutMs)]),
          onLog(level, source, text) {
            if (adopted) options.onLog(spec.id, level, source, text, id);
            else buffer.append(level, source, text, id);
          },
          onNotification: () => undefined,
          onClosed: () => undefined,
        });
        const problems: string[] = [];
        const catalog = await readCatalog(
          instance.identity,
          listRequester(instance, options.hub, spec.limits.startTimeoutMs),
          null,
          (method, error) => {
            problems.push(`${method} failed: ${describeFailure(error)}`);
          },
        );
        for (const problem of problems) buffer.append('warn', 'hub', problem, id);
        adopted = adopt;
        if (adopt) keep(spec, { instance, catalog });
        else await instance.close({ graceMs: GRACE_MS });
        return { ok: true, catalog, durationMs: options.now() - started, logs: logs() };
      } catch (error) {
        const needsSignIn = error instanceof LinkError && error.code === 'unauthorized';
        return {
          ok: false,
          error: describeFailure(error),
          needsSignIn,
          durationMs: options.now() - started,
          logs: logs(),
        };
      }
    },
    claim(spec) {
      const entry = kept.get(spec.id);
      if (entry === undefined) return null;
      if (entry.revision !== spec.revision || !entry.instance.alive()) {
        void abandon(spec.id);
        return null;
      }
      kept.delete(spec.id);
      clearTimeout(entry.timer);
      return { instance: entry.instance, catalog: entry.catalog };
    },
    abandon,
    async close() {
      await Promise.all([...kept.keys()].map(abandon));
    },
  };
}
