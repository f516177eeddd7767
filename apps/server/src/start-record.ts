import type { Log } from '@switchboard/core';
import type { Holds, OpenLink } from '@switchboard/mcp-runtime';
import type { RuntimeEvent } from '@switchboard/mcp-runtime/types';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** So many deaths of the hub in a row hold a server back. */
const deathsToHold = 3;
/** How long after its start a server may have to do with a death of the hub. */
const suspectMs = 60_000;
/** Deaths farther apart than this are no loop. */
const loopMs = 10 * 60_000;

const names = z.array(z.string().max(256)).max(10_000);
const Suspects = z.object({ starting: names, started: names });
const Stored = z.object({
  /** Servers held back until somebody starts them. */
  held: names,
  /** How the hub died before, oldest first. */
  deaths: z.array(Suspects.extend({ at: z.number() })).max(deathsToHold),
  /** What the hub that runs is about; null once it was stopped. `at`: epoch milliseconds of the last change. */
  running: Suspects.extend({ at: z.number() }).nullable(),
});
type Stored = z.infer<typeof Stored>;

export interface StartRecordOptions {
  /** Where the record is kept. */
  file: string;
  log: Log;
  now: () => number;
  /** Milliseconds after which a server that has started is beyond suspicion. Default one minute. */
  suspectMs?: number;
}

/**
 * Remembers, across a death of the hub, which servers it was starting. Where the hub died three times in a row while it
 * started the same ones, or within a minute of that, they are held back until somebody starts them.
 */
export interface StartRecord {
  holds: Holds;
  /** Notes each server before a connection to it is opened. */
  watch(open: OpenLink): OpenLink;
  /** Hears that a server runs, or has failed. */
  heed(event: RuntimeEvent): void;
  /** The hub stops as it should: nobody is to blame. */
  close(): void;
}

function read(file: string, log: Log): Stored {
  try {
    return Stored.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!missing) log.warn({ file }, 'The record of starts cannot be read; a new one is made');
    return { held: [], deaths: [], running: null };
  }
}

const common = (lists: readonly (readonly string[])[]): string[] =>
  lists.reduce((left, list) => left.filter((id) => list.includes(id)), lists[0] ?? []).slice();

/** Who was there at every death: those that were starting each time, else those that had just started. */
function suspectsOf(deaths: Stored['deaths']): string[] {
  const starting = common(deaths.map((death) => death.starting));
  return starting.length > 0 ? starting : common(deaths.map((death) => [...death.starting, ...death.started]));
}

/** What is known at a start of the hub, after the way the one before ended. */
function judge(before: Stored, now: number): { held: string[]; deaths: Stored['deaths']; fresh: string[] } {
  const { running, held } = before;
  const innocent = running === null || running.starting.length + running.started.length === 0;
  if (innocent) return { held, deaths: [], fresh: [] };
  const deaths = [...before.deaths, running].filter(({ at }) => now - at < loopMs).slice(-deathsToHold);
  if (deaths.length < deathsToHold) return { held, deaths, fresh: [] };
  const fresh = suspectsOf(deaths).filter((id) => !held.includes(id));
  return { held: [...held, ...fresh], deaths: fresh.length > 0 ? [] : deaths, fresh };
}

/** Opens the record of DATA_DIR, and judges how the hub before this one ended. A record that cannot be used is made anew. */
export function openStartRecord(options: StartRecordOptions): StartRecord {
  const { file, log, now } = options;
  const { held: known, deaths, fresh } = judge(read(file, log), now());
  const held = new Set(known);
  const starting = new Set<string>();
  const started = new Map<string, NodeJS.Timeout>();
  let closed = false;

  const write = (running: boolean) => {
    const about = { starting: [...starting], started: [...started.keys()], at: now() };
    const record: Stored = { held: [...held], deaths: running ? deaths : [], running: running ? about : null };
    try {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch (error) {
      log.warn({ file, error }, 'The record of starts cannot be written');
    }
  };
  const forget = (id: string): boolean => {
    clearTimeout(started.get(id));
    return [starting.delete(id), started.delete(id)].includes(true);
  };
  const begin = (id: string) => {
    if (closed || starting.has(id)) return;
    forget(id);
    starting.add(id);
    write(true);
  };
  const settle = (id: string) => {
    if (closed || !starting.delete(id)) return;
    const clear = () => {
      started.delete(id);
      write(true);
    };
    started.set(id, setTimeout(clear, options.suspectMs ?? suspectMs).unref());
    write(true);
  };

  if (fresh.length > 0) {
    const text =
      'The hub ended three times while it started these servers; they are held back until somebody starts them';
    log.warn({ servers: fresh }, text);
  }
  write(true);
  return {
    holds: {
      of: (id) => (held.has(id) ? deathsToHold : null),
      release(id) {
        if (held.delete(id) && !closed) write(true);
      },
    },
    watch: (open) => (launch, context, events) => {
      begin(context.serverId);
      return open(launch, context, events);
    },
    heed(event) {
      if (event.type !== 'status') return;
      const { id, phase } = event.status;
      if (phase === 'running') settle(id);
      else if (phase !== 'starting' && !closed && forget(id)) write(true);
    },
    close() {
      closed = true;
      for (const timer of started.values()) clearTimeout(timer);
      starting.clear();
      started.clear();
      write(false);
    },
  };
}
