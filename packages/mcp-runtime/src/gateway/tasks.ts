import type { JsonObject } from '../types.ts';
import { taskOf } from './mentions.ts';

/** Tasks that are remembered of one person, and people; those longest unused go first. */
const MOST_TASKS = 1000;
const MOST_PEOPLE = 1000;

/**
 * Which tasks each person was told of, at every way in. Where people share a connection to a server, it knows no
 * people, and whoever names a task's id gets the task: the hub passes ids on only to those it told them.
 */
export interface Tasks {
  /** Notes the task that a server's result names, if any. */
  note(person: string, serverId: string, result: JsonObject): void;
  isOf(person: string, serverId: string, id: string): boolean;
}

const keyOf = (serverId: string, id: string): string => JSON.stringify([serverId, id]);

export function createTasks(): Tasks {
  const people = new Map<string, Set<string>>();
  return {
    note(person, serverId, result) {
      const id = taskOf(result);
      if (id === null) return;
      const key = keyOf(serverId, id);
      const mine = people.get(person) ?? new Set<string>();
      people.delete(person);
      people.set(person, mine);
      mine.delete(key);
      mine.add(key);
      if (mine.size > MOST_TASKS) mine.delete(mine.values().next().value ?? '');
      if (people.size > MOST_PEOPLE) people.delete(people.keys().next().value ?? '');
    },
    isOf: (person, serverId, id) => people.get(person)?.has(keyOf(serverId, id)) ?? false,
  };
}
