import type { Catalog } from '../types.ts';
import type { Instance } from './instance.ts';
import { openAnyWay, type OpenAnyWayOptions } from './open-any-way.ts';
import { limitStart } from './start-limit.ts';

export interface Listed {
  instance: Instance;
  catalog: Catalog;
}

export interface OpenListedOptions extends Omit<OpenAnyWayOptions, 'signal' | 'eras' | 'client' | 'onDownload'> {
  /** Gives up the start. */
  signal: AbortSignal;
  graceMs: () => number;
  /** The program downloads what it will run, which prolongs its start. */
  onDownload?: () => void;
  read(instance: Instance, signal: AbortSignal): Promise<Catalog>;
}

/** Opens an instance and reads its lists, all within the start limit; leaves nothing behind where that fails. */
export async function openListed(options: OpenListedOptions): Promise<Listed> {
  const { spec, read, graceMs } = options;
  const limit = limitStart(options.signal, spec.limits.startTimeoutMs, spec.launch);
  let instance: Instance | null = null;
  try {
    function onDownload() {
      limit.more();
      options.onDownload?.();
    }
    const how = { signal: limit.signal, eras: null, client: null, onDownload };
    instance = await openAnyWay({ ...options, ...how });
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
