import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Log } from '@switchboard/core';
import type { Holds, OpenLink } from '@switchboard/mcp-runtime';
import type { RuntimeEvent } from '@switchboard/mcp-runtime/types';

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
  /** The state of the running hub; null after it stopped. `at`: epoch milliseconds of the last change. */
  running: Suspects.extend({ at: z.number() }).nullable(),
});
type Stored = z.infer<typeof Stored>;

export interface StartRecordOptions {
  /** The file of the record. */
  file: string;
  log: Log;
  now: () => number;
  /** Milliseconds after which a server that has started is beyond suspicion. Default one minute. */
  suspectMs?: number;
}

/**
 * Records, across a crash of the hub, which servers it was starting. Where the hub crashed three times in a row while
 * it started the same ones, or within a minute of that, they are held back until somebody starts them.
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

/** The ids that are in every list. */
function common([first = [], ...others]: readonly (readonly string[])[]): string[] {
  const sets = others.map((list) => new Set(list));
  return first.filter((id) => sets.every((set) => set.has(id)));
}

/**
 * The servers that were involved in every crash: those that were starting each time, else those that had just started.
 */
function suspectsOf(deaths: Stored['deaths']): string[] {
  const starting = common(deaths.map((death) => death.starting));
  return starting.length > 0 ? starting : common(deaths.map((death) => [...death.starting, ...death.started]));
}

/** A server that a death of the hub now would be about. */
interface Suspect {
  stage: 'starting' | 'started';
  /** Clears it: a start whose end is never reported, as of a draft, after the time in which crashes count as a loop. */
  timer: NodeJS.Timeout;
}

/** The held servers at a start of the hub, after the end of the one before. */
function judge(before: Stored, now: number): { held: string[]; deaths: Stored['deaths']; fresh: string[] } {
  const { running, held } = before;
  const innocent = running === null || running.starting.length + running.started.length === 0;
  if (innocent) return { held, deaths: [], fresh: [] };
  const deaths = [...before.deaths, running].filter(({ at }) => now - at < loopMs).slice(-deathsToHold);
  if (deaths.length < deathsToHold) return { held, deaths, fresh: [] };
  const fresh = suspectsOf(deaths).filter((id) => !held.includes(id));
  return { held: [...held, ...fresh], deaths: fresh.length > 0 ? [] : deaths, fresh };
}

/** Opens the record of DATA_DIR, and judges the end of the hub before this one. An unusable record is replaced. */
export function openStartRecord(options: StartRecordOptions): StartRecord {
  const { file, log, now } = options;
  const { held: known, deaths, fresh } = judge(read(file, log), now());
  const held = new Set(known);
  /** Servers that run; another instance of one starts without a word about its status. */
  const running = new Set<string>();
  const suspects = new Map<string, Suspect>();
  let closed = false;

  function write() {
    function idsOf(stage: Suspect['stage']) {
      return [...suspects].flatMap(([id, suspect]) => (suspect.stage === stage ? [id] : []));
    }
    const about = { starting: idsOf('starting'), started: idsOf('started'), at: now() };
    const record: Stored = { held: [...held], deaths: closed ? [] : deaths, running: closed ? null : about };
    try {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch (error) {
      log.warn({ file, error }, 'The record of starts cannot be written');
    }
  }
  function clear(id: string) {
    clearTimeout(suspects.get(id)?.timer);
    if (suspects.delete(id)) write();
  }
  function suspect(id: string, stage: Suspect['stage']) {
    const known = suspects.get(id);
    clearTimeout(known?.timer);
    const ms = stage === 'starting' ? loopMs : (options.suspectMs ?? suspectMs);
    suspects.set(id, { stage, timer: setTimeout(() => clear(id), ms).unref() });
    if (known?.stage !== stage) write();
  }
  function begin(id: string) {
    if (closed || suspects.get(id)?.stage === 'starting') return;
    suspect(id, running.has(id) ? 'started' : 'starting');
  }

  if (fresh.length > 0) {
    const text =
      'The hub ended three times while it started these servers; they are held back until somebody starts them';
    log.warn({ servers: fresh }, text);
  }
  write();
  return {
    holds: {
      of: (id) => (held.has(id) ? deathsToHold : null),
      release(id) {
        if (held.delete(id) && !closed) write();
      },
    },
    watch: (open) => (launch, context, events) => {
      begin(context.serverId);
      return open(launch, context, events);
    },
    heed(event) {
      if (event.type !== 'status' || closed) return;
      const { id, phase } = event.status;
      if (phase === 'running') running.add(id);
      else running.delete(id);
      if (phase !== 'running' && phase !== 'starting') clear(id);
      else if (phase === 'running' && suspects.get(id)?.stage === 'starting') suspect(id, 'started');
    },
    close() {
      closed = true;
      for (const { timer } of suspects.values()) clearTimeout(timer);
      suspects.clear();
      write();
    },
  };
}
