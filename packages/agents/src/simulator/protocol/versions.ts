import { isObject } from '@switchboard/basics';
import { objectIn } from '../../providers/json.ts';
import type { JsonObject } from '../../types.ts';
import { shown } from '../bounds.ts';
import { errorCodes, invalidParams, Refusal } from './message.ts';

/** Revisions with an `initialize`, newest first. */
export const sessionVersions: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];
/** Revisions whose requests need no session. */
export const statelessVersions: readonly string[] = ['2026-07-28'];

const firstStateless = '2026-07-28';

const metaKeys = {
  version: 'io.modelcontextprotocol/protocolVersion',
  capabilities: 'io.modelcontextprotocol/clientCapabilities',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
} as const;

/** The rules by which a request is answered. */
export interface Era {
  stateless: boolean;
  /** Null where nothing says. */
  version: string | null;
}

/** The revision to speak with a client that asked for one: its own where it is known, else the newest. */
export function negotiated(requested: unknown): string {
  const [newest = ''] = sessionVersions;
  return typeof requested === 'string' && sessionVersions.includes(requested) ? requested : newest;
}

/** The era of a request by its envelope; throws Refusal where that is broken or of a revision that is not known. */
export function eraOf(params: JsonObject, version: string | null): Era {
  const meta = objectIn(params['_meta']);
  const claimed = meta[metaKeys.version];
  if (typeof claimed !== 'string' || claimed < firstStateless) {
    return { stateless: false, version: typeof claimed === 'string' ? claimed : version };
  }
  if (!statelessVersions.includes(claimed)) {
    const known = [...statelessVersions, ...sessionVersions].join(', ');
    throw new Refusal(
      errorCodes.unsupportedVersion,
      `Unsupported protocol version: ${shown(claimed)}. There are ${known}`,
      { supported: statelessVersions, requested: shown(claimed) },
    );
  }
  if (!isObject(meta[metaKeys.capabilities])) throw invalidParams(`_meta needs ${metaKeys.capabilities}, an object`);
  return { stateless: true, version: claimed };
}

/** Results that a client may keep; each product changes whenever its author wants. */
const cacheable: ReadonlySet<string> = new Set([
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
  'server/discover',
]);

/** A result with what revisions without sessions want in each. */
export function statelessResult(method: string, result: JsonObject, serverInfo: JsonObject): JsonObject {
  return {
    resultType: 'complete',
    ...result,
    ...(cacheable.has(method) ? { ttlMs: 0, cacheScope: 'private' } : {}),
    _meta: { ...objectIn(result['_meta']), [metaKeys.serverInfo]: serverInfo },
  };
}
