/** Protocol revisions with an `initialize` handshake, newest first. */
export const legacyVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;
/** Stateless revisions (every request carries its envelope), newest first. */
export const modernVersions = ['2026-07-28'] as const;
export const latestLegacy = legacyVersions[0];
export const latestModern = modernVersions[0];

export type Era = 'legacy' | 'modern';

export function isModernVersion(version: string): boolean {
  return version >= latestModern;
}

export function isLegacyVersion(version: string): boolean {
  return (legacyVersions as readonly string[]).includes(version);
}

/** `_meta` keys of the per-request envelope (specification 2026-07-28). */
export const Meta = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
  logLevel: 'io.modelcontextprotocol/logLevel',
} as const;

export const envelopeKeys: readonly string[] = [
  Meta.protocolVersion,
  Meta.clientInfo,
  Meta.clientCapabilities,
  Meta.logLevel,
];
