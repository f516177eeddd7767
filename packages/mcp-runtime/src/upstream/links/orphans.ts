import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMarked, markFile, markOf } from './mark.ts';
import { endGroup, endProcesses } from './process-group.ts';
import { familyOf, isRunning, listProcesses, readProcess, startTimeOf, type Identity } from './processes.ts';

/** Remembers which children run, so that a hub which was killed finds them at its next start. */
export interface ProcessRecords {
  /** The variable in the environment of children, by which their descendants are found. */
  readonly mark: Readonly<Record<string, string>>;
  /** Records a child that leads its own group. */
  add(pid: number): ChildRecord;
}

export interface ChildRecord {
  /** The processes that the child started and that have not ended since, as of the last check. */
  family(): readonly Identity[];
  forget(): void;
}

interface Recorded {
  /** Changes with every boot, so that a record never outlives the machine's run. */
  boot: string;
  leader: Identity;
  /** Its descendants: a leader may end before them. */
  family: Identity[];
}

export interface ProcessRecordsOptions {
  /**
   * When families are checked after a child was added, and again and again after the last. Package runners need a
   * moment to start the real server.
   */
  lookAfterMs?: readonly number[];
}

/** Keeps one small file per running child in a directory. */
export function createProcessRecords(directory: string, options: ProcessRecordsOptions = {}): ProcessRecords {
  const delays = options.lookAfterMs ?? [500, 2_000, 8_000, 30_000];
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const mark = markOf(directory);
  const records = new Map<number, Recorded>();
  /** The leaders whose file is out of date. */
  const unsaved = new Set<number>();
  let timer: NodeJS.Timeout | null = null;
  let step = 0;

  function look() {
    const processes = listProcesses();
    for (const [pid, record] of records) {
      const family = familyOf(pid, processes, record.family);
      const same = JSON.stringify(family) === JSON.stringify(record.family);
      if (same && !unsaved.has(pid)) continue;
      record.family = family;
      try {
        save(directory, record);
        unsaved.delete(pid);
      } catch {
        // A disk that is full now may have room at the next look.
        unsaved.add(pid);
      }
    }
  }
  function stop() {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }
  function schedule(next: number) {
    stop();
    step = next;
    timer = setTimeout(() => {
      look();
      schedule(Math.min(step + 1, delays.length - 1));
    }, delays[step]).unref();
  }
  function forget(pid: number) {
    records.delete(pid);
    unsaved.delete(pid);
    rmSync(fileOf(directory, pid), { force: true });
    if (records.size === 0) stop();
  }

  return {
    mark,
    add: (pid) => {
      const startTime = startTimeOf(pid);
      if (startTime === null) return { family: () => [], forget: () => {} };
      const record: Recorded = { boot: bootId(), leader: { pid, startTime }, family: [] };
      records.set(pid, record);
      save(directory, record);
      if (timer === null || step > 0) schedule(0);
      return { family: () => record.family, forget: () => forget(pid) };
    },
  };
}

/**
 * Ends what a killed hub left behind, going by the records in a directory: only processes whose pid and start time are
 * the recorded ones, their groups and what they have started, and then what carries the hub's mark. Resolves with the
 * pids of the children it found, and of what had moved away from them unseen.
 */
export async function removeOrphans(directory: string, options: { graceMs: number }): Promise<number[]> {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  const ended = await Promise.all(
    names.filter(isRecordFile).map(async (name) => {
      const file = join(directory, name);
      const record = name.endsWith('.json') ? load(file) : null;
      const found = record !== null && record.boot === bootId() && (await endRecorded(record, options.graceMs));
      rmSync(file, { force: true });
      return found ? [record.leader.pid] : [];
    }),
  );
  const strays = findMarked(directory);
  await endProcesses(strays, deadlineIn(options.graceMs));
  return [...ended.flat(), ...strays.map(({ pid }) => pid)];
}

function isRecordFile(name: string): boolean {
  return name !== markFile;
}

function deadlineIn(ms: number): () => number {
  const deadline = performance.now() + ms;
  return () => deadline;
}

async function endRecorded({ leader, family }: Recorded, graceMs: number): Promise<boolean> {
  const deadline = deadlineIn(graceMs);
  const leads = isRunning(leader);
  // Processes that it started since the last check are found through it alone, so before it ends.
  const left = leads ? familyOf(leader.pid, listProcesses(), family) : family.filter(isRunning);
  // The group is the leader's as long as it, or a known descendant, is in it.
  const ours = leads || left.some(({ pid }) => readProcess(pid)?.group === leader.pid);
  await Promise.all([ours ? endGroup(leader.pid, deadline) : null, endProcesses(left, deadline)]);
  return ours || left.length > 0;
}

let boot: string | null = null;

function bootId(): string {
  if (boot !== null) return boot;
  try {
    boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    boot = '';
  }
  return boot;
}

function fileOf(directory: string, pid: number): string {
  return join(directory, `${pid}.json`);
}

function save(directory: string, record: Recorded): void {
  const file = fileOf(directory, record.leader.pid);
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function load(file: string): Recorded | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRecorded(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecorded(value: unknown): value is Recorded {
  if (typeof value !== 'object' || value === null || !('boot' in value) || !('leader' in value)) return false;
  const family = 'family' in value ? value.family : null;
  return isIdentity(value.leader) && Array.isArray(family) && family.every(isIdentity);
}

function isIdentity(value: unknown): value is Identity {
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('startTime' in value)) return false;
  return Number.isInteger(value.pid) && Number(value.pid) > 1 && typeof value.startTime === 'string';
}
