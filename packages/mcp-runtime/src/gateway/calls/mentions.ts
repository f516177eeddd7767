import { setBounded } from '@switchboard/basics';
import { mapNamed } from '../../named-uris.ts';
import type { JsonObject } from '../../types.ts';

/** URIs a conversation remembers the server of; the oldest go first. */
const limit = 1000;
/** Conversations of clients without sessions that are remembered; the longest unused go first. */
const mostConversations = 1000;
/** Longer names are not remembered: what servers say must not fill the hub. */
const longest = 8192;

/** Which server's result named a URI: one of the answers to where a URI is routed. */
export interface Mentions {
  /** Whether a mention goes before what servers list: within one session it does, among all calls of a credential not. */
  readonly first: boolean;
  get(uri: string): string | undefined;
  /** Notes what a server's result names. */
  note(serverId: string, result: JsonObject): void;
}

export function createMentions(first = true): Mentions {
  const known = new Map<string, string>();
  function note(key: string, serverId: string): void {
    if (key.length > longest) return;
    setBounded(known, key, serverId, limit);
  }
  return {
    first,
    get: (uri) => known.get(uri),
    note(serverId, result) {
      mapNamed(result, (uri) => {
        note(uri, serverId);
        return uri;
      });
    },
  };
}

/** The mentions of clients without sessions, by who they are and where they call. */
export function createSharedMentions(): (binding: string) => Mentions {
  const conversations = new Map<string, Mentions>();
  return (binding) => {
    const mentions = conversations.get(binding) ?? createMentions(false);
    setBounded(conversations, binding, mentions, mostConversations);
    return mentions;
  };
}
