import { isObject } from '../rpc.ts';
import type { JsonObject } from '../types.ts';

/** URIs and tasks a conversation remembers the server of; the oldest go first. */
const LIMIT = 1000;
/** Conversations of clients without sessions that are remembered; the longest unused go first. */
const CONVERSATIONS = 1000;

/** Which server's result named a URI or a task (design: Names, where a URI is routed). */
export interface Mentions {
  get(uri: string): string | undefined;
  task(id: string): string | undefined;
  /** Notes what a server's result names. */
  note(serverId: string, result: JsonObject): void;
}

const taskKey = (id: string): string => `task:${id}`;

/** Every URI a result of a tool, a prompt or a resource names. */
function* urisOf(result: JsonObject): Generator {
  for (const key of ['content', 'messages', 'contents']) {
    const list = result[key];
    if (!Array.isArray(list)) continue;
    for (const item of list) {
      if (!isObject(item)) continue;
      const content = isObject(item['content']) ? item['content'] : item;
      if (content['type'] === 'resource_link') yield content['uri'];
      else if (isObject(content['resource'])) yield content['resource']['uri'];
    }
  }
}

export function createMentions(): Mentions {
  const known = new Map<string, string>();
  const note = (key: string, serverId: string): void => {
    known.delete(key);
    known.set(key, serverId);
    if (known.size > LIMIT) known.delete(known.keys().next().value ?? '');
  };
  return {
    get: (uri) => known.get(uri),
    task: (id) => known.get(taskKey(id)),
    note(serverId, result) {
      for (const uri of urisOf(result)) if (typeof uri === 'string') note(uri, serverId);
      const task = isObject(result['task']) ? result['task'] : result;
      if (typeof task['taskId'] === 'string') note(taskKey(task['taskId']), serverId);
    },
  };
}

/** The mentions of clients without sessions, by who they are and where they call. */
export function createSharedMentions(): (binding: string) => Mentions {
  const conversations = new Map<string, Mentions>();
  return (binding) => {
    const mentions = conversations.get(binding) ?? createMentions();
    conversations.delete(binding);
    conversations.set(binding, mentions);
    if (conversations.size > CONVERSATIONS) conversations.delete(conversations.keys().next().value ?? '');
    return mentions;
  };
}
