/** Tokens that are remembered of one server; those noted longest ago go first. */
const mostRemembered = 500;

/** Access tokens that servers were sent, and what was sent before a refresh: a server may still write those. */
export interface SentTokens {
  note(serverId: string, token: string): void;
  /** The same list as long as nothing was noted. */
  of(serverId: string): readonly string[];
  forget(serverId: string): void;
}

/** Remembers tokens in memory alone, so that they can be taken out of what servers write. */
export function createSentTokens(): SentTokens {
  const servers = new Map<string, { tokens: Set<string>; list: readonly string[] }>();
  return {
    note(serverId, token) {
      const known = servers.get(serverId) ?? { tokens: new Set<string>(), list: [] };
      if (known.tokens.has(token)) return;
      known.tokens.add(token);
      const [oldest] = known.tokens;
      if (known.tokens.size > mostRemembered && oldest !== undefined) known.tokens.delete(oldest);
      servers.set(serverId, { tokens: known.tokens, list: [...known.tokens] });
    },
    of: (serverId) => servers.get(serverId)?.list ?? [],
    forget: (serverId) => void servers.delete(serverId),
  };
}
