import { isObject, setBounded } from '@switchboard/basics';
import { ErrorCode, RpcError } from '../../rpc.ts';
import type { TaskRoute, TaskStore, TaskTold } from '../../task-store.ts';
import type { Credential, JsonObject } from '../../types.ts';
import { mapTasks, markTask } from './task-names.ts';

/** Tasks that are remembered of one person, and people; those longest unused go first. */
const mostTasks = 1000;
const mostPeople = 1000;
/** Longer ids are routed as long as the process lives, and not kept beyond; even longer ones are not routed. */
const longestKept = 1024;
const longest = 8192;
/** How long an answer with a task waits for the store. */
const patienceMs = 1_000;
/** How long a route is kept whatever its server says of the task's life, and at least. */
const longestLifeMs = 30 * 24 * 60 * 60_000;
const shortestLifeMs = 60 * 60_000;
/** Questions to the store that one person may have open: ids that nobody gave are asked for each time. */
const mostQuestions = 32;

/** `earlier`: not by this process, so that its servers need not know the task any more. */
export type KnownTask = TaskTold & { readonly earlier: boolean };

/**
 * The tasks that each person was given, at every way in. A server with shared connections knows no people, and gives a
 * task to everybody who names its id: the hub passes ids on only to those who were given them.
 */
export interface Tasks {
  /** Records the task in a server's result, if any; the result has to be awaited before it is sent. */
  note(teller: Pick<Credential, 'key' | 'person'>, serverId: string, result: JsonObject): Promise<void> | undefined;
  /** A result or notification with the ids that tasks have for this person at an endpoint of several servers. */
  shown(person: string, serverId: string, value: JsonObject): JsonObject;
  /** The people who were given a task, the last one last; asks the store where this person is not in memory. */
  told(id: string, person: string): readonly KnownTask[] | Promise<readonly KnownTask[]>;
  /** Splits tasks of a server into those that the person was given, and those that only others were given. */
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
  if (typeof said !== 'number') return longestLifeMs;
  return Math.min(longestLifeMs, Math.max(shortestLifeMs, said));
}

/** The id of the task that a result names, where it names one of a length that is remembered. */
function taskOf(result: JsonObject): string | null {
  const task = isObject(result['task']) ? result['task'] : result;
  const id = task['taskId'];
  return typeof id === 'string' && id.length <= longest ? id : null;
}

/** Waits a bounded time; a failure counts as no answer. */
async function soon<T>(work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, patienceMs, otherwise);
  });
  return Promise.race([work.catch(() => otherwise), late]).finally(() => clearTimeout(timer));
}

/** The error where it is unknown at the moment whether a task is the caller's. */
function away(): never {
  throw new RpcError(
    ErrorCode.server,
    'Whose task this is cannot be found out now: the database of the hub is away. Try again in a moment.',
  );
}

/** The part in memory: people by task and server. */
function createMemory() {
  const people = new Map<string, Map<string, Map<string, KnownTask>>>();
  const byId = new Map<string, Set<string>>();
  function forget(person: string, id: string): void {
    const tellers = byId.get(id);
    if (tellers?.delete(person) === true && tellers.size === 0) byId.delete(id);
  }
  return {
    add(id: string, told: KnownTask): void {
      const { person, serverId } = told;
      const mine = people.get(person) ?? new Map<string, Map<string, KnownTask>>();
      const servers = mine.get(id) ?? new Map<string, KnownTask>();
      const oldest = setBounded(mine, id, servers, mostTasks);
      if (oldest !== undefined) forget(person, oldest[0]);
      // The first one stays the first one.
      servers.set(serverId, told);
      byId.set(id, (byId.get(id) ?? new Set<string>()).add(person));
      const unused = setBounded(people, person, mine, mostPeople);
      if (unused !== undefined) for (const each of unused[1].keys()) forget(unused[0], each);
    },
    /** The servers that gave this person the task, the first one first. */
    servers: (person: string, id: string): ReadonlyMap<string, KnownTask> | undefined => people.get(person)?.get(id),
    told: (id: string): KnownTask[] =>
      [...(byId.get(id) ?? [])].flatMap((person) => [...(people.get(person)?.get(id)?.values() ?? [])]),
  };
}

/** Asks the store, some questions of a person at a time. */
function createAsker() {
  const open = new Map<string, number>();
  return async <T>(person: string, ask: () => Promise<T>): Promise<T> => {
    const others = open.get(person) ?? 0;
    if (others >= mostQuestions) {
      throw new RpcError(
        ErrorCode.server,
        `More than ${mostQuestions} requests at once about tasks that the hub has to look up`,
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
  function remember(id: string, person: string, kept: readonly TaskTold[]): KnownTask[] {
    const found = kept.map((told) => ({ ...told, earlier: true }));
    for (const told of found) if (told.person === person) memory.add(id, told);
    return found;
  }
  async function keep(kept: TaskStore, route: TaskRoute): Promise<void> {
    const { taskId, person, serverId, credential } = route;
    // Another server may have given this person a task of the same id, in an earlier run.
    const before = soon<readonly TaskTold[]>(
      asking(person, () => kept.find(taskId, person)),
      [],
    );
    remember(taskId, person, await before);
    memory.add(taskId, { person, serverId, credential, earlier: false });
    await soon(kept.add(route), undefined);
  }
  return {
    note({ person, key }, serverId, result) {
      const id = taskOf(result);
      if (id === null) return undefined;
      const told = { person, serverId, credential: key };
      const known = memory.servers(person, id)?.get(serverId);
      if (known === undefined && store !== null && id.length <= longestKept) {
        return keep(store, { ...told, taskId: id, expiresAt: now() + lifeMs(result) });
      }
      memory.add(id, known ?? { ...told, earlier: false });
      return undefined;
    },
    shown: (person, serverId, value) =>
      mapTasks(value, (id) => {
        const [first = serverId] = memory.servers(person, id)?.keys() ?? [];
        return first === serverId ? id : markTask(serverId, id);
      }),
    told(id, person) {
      const known = memory.told(id);
      if (store === null || id.length > longestKept || known.some((told) => told.person === person)) return known;
      return asking(person, () => store.find(id, person)).then((kept) => [...known, ...remember(id, person, kept)]);
    },
    async split(person, serverId, ids) {
      const short = ids.filter((id) => id.length <= longestKept);
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
