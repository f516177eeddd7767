import type { Catalog, ServerSpec } from '../types.ts';
import type { Era } from '../versions.ts';
import { openInstance } from './instance.ts';
import type { Instance, OpenInstanceOptions } from './instance.ts';
import { wayTo } from './launch-facts.ts';
import { limitStart } from './start-limit.ts';

export interface Listed {
  instance: Instance;
  catalog: Catalog;
}

export interface OpenListedOptions extends Omit<OpenInstanceOptions, 'signal' | 'eras' | 'client' | 'onDownload'> {
  /** Gives up the start. */
  signal: AbortSignal;
  graceMs: () => number;
  /** The program downloads what it will run, which prolongs its start. */
  onDownload?: () => void;
  read(instance: Instance, signal: AbortSignal): Promise<Catalog>;
}

/** Eras worth trying with a kind of server, in order: HTTP servers answer a stateless probe, programs may not. */
function erasToTry(spec: ServerSpec): Era[] {
  const way = wayTo(spec.launch);
  if (way === 'sse') return ['legacy'];
  return way === 'streamable-http' ? ['modern', 'legacy'] : ['legacy', 'modern'];
}

/** Opens an instance and reads its lists, all within the start limit; leaves nothing behind where that fails. */
export async function openListed(options: OpenListedOptions): Promise<Listed> {
  const { spec, read, graceMs } = options;
  const limit = limitStart(options.signal, spec.limits.startTimeoutMs, spec.launch);
  let instance: Instance | null = null;
  try {
    const onDownload = () => {
      limit.more();
      options.onDownload?.();
    };
    const how = { signal: limit.signal, eras: erasToTry(spec), client: null, onDownload };
    instance = await openInstance({ ...options, ...how });
    // Lists that do not come in time are those known before: the server itself is up.
    const catalog = await read(instance, limit.signal);
    options.signal.throwIfAborted();
    throwIfEnded(instance);
    return { instance, catalog };
  } catch (error) {
    await instance?.close({ graceMs: graceMs() });
    throw error;
  } finally {
    limit.done();
  }
}

/** Throws what ended an instance, where something did. */
export function throwIfEnded(instance: Instance): void {
  const error = instance.ended();
  if (error !== null) throw error;
}
