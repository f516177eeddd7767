import { ErrorCode, isObject, RpcError } from '../rpc.ts';
import type { TaskStore, TaskTold } from '../task-store.ts';
import type { Credential, JsonObject } from '../types.ts';
import { taskOf } from './mentions.ts';

/** Tasks that are remembered of one person, and people; those longest unused go first. */
const MOST_TASKS = 1000;
const MOST_PEOPLE = 1000;
/** Longer ids are routed as long as the process lives, and not kept beyond. */
const LONGEST_KEPT = 1024;
/** How long a route is kept whatever its server says of the task's life, and at least. */
const LONGEST_LIFE_MS = 30 * 24 * 60 * 60_000;
const SHORTEST_LIFE_MS = 60 * 60_000;
/** Questions to the store that one person may have open: ids that nobody gave are asked for each time. */
const MOST_QUESTIONS = 32;

/** `earlier`: not by this process, so that its servers need not know the task any more. */
export type Told = TaskTold & { readonly earlier: boolean };

/**
 * Which tasks each person was told of, at every way in. Where people share a connection to a server, it knows no
 * people, and whoever names a task's id gets the task: the hub passes ids on only to those it told them.
 */
export interface Tasks {
  /** Notes the task that a server's result names, if any. */
  note(teller: Pick<Credential, 'key' | 'person'>, serverId: string, result: JsonObject): void;
  /** Who was told of a task, the last one last; looks further than memory where this person was not. */
  told(id: string, person: string): readonly Told[] | Promise<readonly Told[]>;
  /** Of some tasks of a server, those that the person was told of, and those that only others were told of. */
  split(person: string, serverId: string, ids: readonly string[]): Promise<Record<'mine' | 'others', Set<string>>>;
}

export interface TasksOptions {
  /** Null where routes end with the process. */
  store: TaskStore | null;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** How long a server says that it keeps a task: `ttl` in session revisions, `ttlMs` in the extension. */
function lifeMs(result: JsonObject): number {
  const task = isObject(result['task']) ? result['task'] : result;
  const said = task['ttl'] ?? task['ttlMs'];
  if (typeof said !== 'number') return LONGEST_LIFE_MS;
  return Math.min(LONGEST_LIFE_MS, Math.max(SHORTEST_LIFE_MS, said));
}

/** Whether a task is the caller's cannot be told now. */
function away(): never {
  throw new RpcError(
    ErrorCode.server,
    'Whose task this is cannot be found out now: the database of the hub is away. Try again in a moment.',
  );
}

/** What is remembered in memory: who was told, by task and server. */
function createMemory() {
  const people = new Map<string, Map<string, Map<string, Told>>>();
  const byId = new Map<string, Set<string>>();
  const forget = (person: string, id: string): void => {
    const tellers = byId.get(id);
    if (tellers?.delete(person) === true && tellers.size === 0) byId.delete(id);
  };
  return {
    /** False where it was known already. */
    add(id: string, told: Told): boolean {
      const { person, serverId } = told;
      const mine = people.get(person) ?? new Map<string, Map<string, Told>>();
      people.delete(person);
      people.set(person, mine);
      const servers = mine.get(id) ?? new Map<string, Told>();
      mine.delete(id);
      mine.set(id, servers);
      const before = servers.get(serverId);
      servers.delete(serverId);
      servers.set(serverId, before ?? told);
      byId.set(id, (byId.get(id) ?? new Set<string>()).add(person));
      const [oldest] = mine.size > MOST_TASKS ? mine.keys() : [];
      if (oldest !== undefined && mine.delete(oldest)) forget(person, oldest);
      const [unused] = people.size > MOST_PEOPLE ? people.keys() : [];
      if (unused !== undefined) {
        for (const each of people.get(unused)?.keys() ?? []) forget(unused, each);
        people.delete(unused);
      }
      return before === undefined;
    },
    told: (id: string): Told[] =>
      [...(byId.get(id) ?? [])].flatMap((person) => [...(people.get(person)?.get(id)?.values() ?? [])]),
  };
}

/** Asks the store, some questions of a person at a time. */
function createAsker() {
  const open = new Map<string, number>();
  return async <T>(person: string, ask: () => Promise<T>): Promise<T> => {
    const others = open.get(person) ?? 0;
    if (others >= MOST_QUESTIONS) {
      throw new RpcError(
        ErrorCode.server,
        `More than ${MOST_QUESTIONS} requests at once about tasks that the hub has to look up`,
      );
    }
    open.set(person, others + 1);
    try {
      return await ask().catch(away);
    } finally {
      const left = (open.get(person) ?? 1) - 1;
      if (left === 0) open.delete(person);
      else open.set(person, left);
    }
  };
}

export function createTasks({ store, now }: TasksOptions): Tasks {
  const memory = createMemory();
  const asking = createAsker();
  return {
    note({ person, key }, serverId, result) {
      const id = taskOf(result);
      if (id === null) return;
      const told = { person, serverId, credential: key };
      const isNew = memory.add(id, { ...told, earlier: false });
      if (isNew && id.length <= LONGEST_KEPT) store?.add({ ...told, taskId: id, expiresAt: now() + lifeMs(result) });
    },
    told(id, person) {
      const known = memory.told(id);
      if (store === null || id.length > LONGEST_KEPT || known.some((told) => told.person === person)) return known;
      return asking(person, () => store.find(id)).then((kept) => {
        const found = kept.map((told) => ({ ...told, earlier: true }));
        for (const told of found) if (told.person === person) memory.add(id, told);
        return [...known, ...found];
      });
    },
    async split(person, serverId, ids) {
      const short = ids.filter((id) => id.length <= LONGEST_KEPT);
      const kept = store === null ? [] : await asking(person, () => store.ofServer(serverId, short));
      const known = ids.flatMap((taskId) =>
        memory.told(taskId).flatMap((told) => (told.serverId === serverId ? [{ taskId, person: told.person }] : [])),
      );
      const mine = new Set<string>();
      const others = new Set<string>();
      for (const told of [...known, ...kept]) (told.person === person ? mine : others).add(told.taskId);
      for (const id of mine) others.delete(id);
      return { mine, others };
    },
  };
}
