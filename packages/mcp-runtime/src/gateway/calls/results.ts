import type { JsonObject } from '../../types.ts';
import { latestLegacy, legacyVersions, Meta, modernVersions, type Era } from '../../versions.ts';
import type { View } from '../../view.ts';

/**
 * A list result around an array's JSON. The hub's lists change with every server, switch or right, and differ by
 * caller: modern clients are told to read them again each time and to cache nothing for others.
 */
export function listResult(era: Era, key: string, json: string, serverInfo: JsonObject): string {
  if (era === 'legacy') return `{"${key}":${json}}`;
  const meta = JSON.stringify({ [Meta.serverInfo]: serverInfo });
  return `{"resultType":"complete","${key}":${json},"ttlMs":0,"cacheScope":"private","_meta":${meta}}`;
}

/** The revision to speak with a client that asked for one: its own where the hub knows it, else the newest. */
export function negotiate(requested: unknown): string {
  return typeof requested === 'string' && (legacyVersions as readonly string[]).includes(requested)
    ? requested
    : latestLegacy;
}

export function initializeResult(view: View, hubInfo: JsonObject, version: string): JsonObject {
  const instructions = view.instructions();
  return {
    protocolVersion: version,
    capabilities: view.capabilities,
    serverInfo: view.serverInfo ?? { ...hubInfo, title: view.selection.title },
    ...(instructions === null ? {} : { instructions }),
  };
}

export function discoverResult(view: View, hubInfo: JsonObject): JsonObject {
  const instructions = view.instructions();
  // Of session revisions: since then tasks are an extension.
  const { tasks: _ofSessions, ...capabilities } = view.capabilities;
  return {
    resultType: 'complete',
    supportedVersions: [...modernVersions],
    capabilities,
    ...(instructions === null ? {} : { instructions }),
    ttlMs: 0,
    cacheScope: 'private',
    _meta: { [Meta.serverInfo]: view.serverInfo ?? hubInfo },
  };
}
