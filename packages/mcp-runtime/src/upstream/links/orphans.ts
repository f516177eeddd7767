import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endGroup, isDead, listProcesses, readProcess, type ProcessStat } from './process-group.ts';

/** Remembers which children run, so that a hub which was killed finds them at its next start. */
export interface ProcessRecords {
  /** Records a child that leads its own group; the answer removes the record. */
  add(pid: number): () => void;
}

/** A process and when it started: together they name it for good, a pid alone is given out again. */
interface Identity {
  pid: number;
  startTime: string;
}

interface ProcessRecord {
  /** Changes with every boot, so that a record never outlives the machine's run. */
  boot: string;
  leader: Identity;
  /** What else ran in its session when last looked at: a leader may end before those it started. */
  members: Identity[];
}

/** When the members of a new group are looked at. Package runners need a moment to start the real server. */
const LOOK_AFTER_MS = [3_000, 30_000];

/** Keeps one small file per running child in a directory. */
export function createProcessRecords(
  directory: string,
  options: { lookAfterMs?: readonly number[] } = {},
): ProcessRecords {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const records = new Map<number, ProcessRecord>();
  const timers = new Set<NodeJS.Timeout>();

  const look = () => {
    const processes = listProcesses();
    for (const [pid, record] of records) {
      const members = processes.filter((entry) => entry.session === pid && entry.pid !== pid && !isDead(entry));
      if (members.length === 0 && record.members.length === 0) continue;
      record.members = members.map(({ pid: member, startTime }) => ({ pid: member, startTime }));
      save(directory, record);
    }
  };
  const lookLater = () => {
    for (const delay of options.lookAfterMs ?? LOOK_AFTER_MS) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        look();
      }, delay).unref();
      timers.add(timer);
    }
  };

  return {
    add: (pid) => {
      const startTime = startTimeOf(pid);
      if (startTime === null) return () => {};
      const record: ProcessRecord = { boot: bootId(), leader: { pid, startTime }, members: [] };
      records.set(pid, record);
      save(directory, record);
      if (timers.size === 0) lookLater();
      return () => {
        records.delete(pid);
        rmSync(fileOf(directory, pid), { force: true });
        if (records.size > 0) return;
        for (const timer of timers) clearTimeout(timer);
        timers.clear();
      };
    },
  };
}

/**
 * Ends what a killed hub left behind, going by the records in a directory: only processes whose pid and start time are
 * the recorded ones, and their groups. Resolves with the pids of the groups that were ended.
 */
export async function removeOrphans(directory: string, options: { graceMs: number }): Promise<number[]> {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  const ended = await Promise.all(
    names.map(async (name) => {
      const file = join(directory, name);
      const record = name.endsWith('.json') ? load(file) : null;
      const removed = record !== null && record.boot === bootId() && (await endRecorded(record, options.graceMs));
      rmSync(file, { force: true });
      return removed ? [record.leader.pid] : [];
    }),
  );
  return ended.flat();
}

async function endRecorded(record: ProcessRecord, graceMs: number): Promise<boolean> {
  const deadline = performance.now() + graceMs;
  const { leader } = record;
  const members = record.members.filter(isSame);
  // The group is the leader's as long as it, or somebody known to be of it, is there.
  const ours = isSame(leader) || members.some((member) => readProcess(member.pid)?.group === leader.pid);
  if (ours) await endGroup(leader.pid, () => deadline);
  for (const member of members) {
    if (isSame(member)) signal(member.pid, 'SIGKILL');
  }
  return ours || members.length > 0;
}

function isSame(identity: Identity): boolean {
  return startTimeOf(identity.pid) === identity.startTime;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}

function startTimeOf(pid: number): string | null {
  const entry: ProcessStat | null = readProcess(pid);
  if (entry !== null) return isDead(entry) ? null : entry.startTime;
  if (process.platform === 'linux') return null;
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
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

function save(directory: string, record: ProcessRecord): void {
  const file = fileOf(directory, record.leader.pid);
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function load(file: string): ProcessRecord | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is ProcessRecord {
  if (typeof value !== 'object' || value === null || !('boot' in value) || !('leader' in value)) return false;
  const members = 'members' in value ? value.members : null;
  return isIdentity(value.leader) && Array.isArray(members) && members.every(isIdentity);
}

function isIdentity(value: unknown): value is Identity {
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('startTime' in value)) return false;
  return Number.isInteger(value.pid) && Number(value.pid) > 1 && typeof value.startTime === 'string';
}
