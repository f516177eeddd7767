import { isObject } from '@switchboard/basics';
import type { ServerIdentity } from '../definitions/server-identity.ts';
import { type CancelSignal, orAborted } from '../hot/cancellation.ts';
import { routingHeaders } from '../param-headers.ts';
import { ErrorCode, metaOf, RpcError } from '../rpc.ts';
import type { JsonObject } from '../types.ts';
import {
  isModernVersion,
  latestLegacy,
  latestModern,
  legacyVersions,
  Meta,
  modernVersions,
  type Era,
} from '../versions.ts';
import { LinkError, type Link, type LinkErrorCode } from './link.ts';

/** As whom an instance presents itself to the server. */
export interface ClientIdentity {
  clientInfo: JsonObject;
  capabilities: JsonObject;
}

export interface Handshake {
  era: Era;
  identity: ServerIdentity;
}

export interface HandshakeOptions {
  /** As whom the hub speaks. */
  client: ClientIdentity;
  /** Eras to try, in order. */
  eras: readonly Era[];
  signal: CancelSignal;
  /** How long a server may think about a stateless probe before the other era is tried. */
  probeMs: number;
  request(
    method: string,
    params: JsonObject,
    how?: { headers: Record<string, string>; timeoutMs: number },
  ): Promise<JsonObject>;
}

/** The oldest revision there was (specification 2024-10-07). */
const oldest = '2024-10-07';

/** Characters of a revision, and revisions that are kept of a server. */
const longestVersion = 64;
const mostVersions = 64;
/** Of those, what an error names. */
const mostTold = 8;

function isVersion(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestVersion;
}

/** Capabilities of a client that let servers ask it. */
export const askable = ['sampling', 'elicitation', 'roots'] as const;

/** Whether a client with these capabilities answers questions of servers. */
export function canBeAsked(capabilities: JsonObject): boolean {
  return askable.some((key) => capabilities[key] !== undefined);
}

/** Envelope keys of a 2026-07-28 request. */
export function envelope(identity: ClientIdentity): JsonObject {
  return {
    [Meta.protocolVersion]: latestModern,
    [Meta.clientInfo]: identity.clientInfo,
    [Meta.clientCapabilities]: identity.capabilities,
  };
}

async function initialize(options: HandshakeOptions, link: Link): Promise<Handshake> {
  const { capabilities, clientInfo } = options.client;
  const result = await options.request('initialize', { protocolVersion: latestLegacy, capabilities, clientInfo });
  const version = result['protocolVersion'];
  if (!isVersion(version)) {
    throw new RpcError(ErrorCode.internal, 'The server answered initialize without a usable protocolVersion');
  }
  if (isModernVersion(version) || version < oldest) {
    const known = `${legacyVersions.join(', ')} after initialize, and ${modernVersions.join(', ')} after server/discover`;
    throw new RpcError(
      ErrorCode.internal,
      `The server answered initialize with MCP ${version}; the hub speaks ${known}`,
    );
  }
  link.negotiated({ protocolVersion: version, listen: true });
  await orAborted(link.send({ jsonrpc: '2.0', method: 'notifications/initialized' }), options.signal);
  return { era: 'legacy', identity: toIdentity(result, version, [version]) };
}

function versionsIn(listed: unknown): string[] {
  return Array.isArray(listed) ? listed.filter(isVersion).slice(0, mostVersions) : [];
}

/** A server that knows the stateless era, and no revision that the hub speaks. */
class OtherVersions extends RpcError {}

function otherVersions(supported: readonly string[]): RpcError {
  const known: readonly string[] = [...modernVersions, ...legacyVersions];
  const offered = supported.slice(0, mostTold).join(', ') || 'no revision';
  const text = `The server offers MCP ${offered}; the hub speaks ${known.join(', ')}`;
  const isOther = !supported.some((version) => known.includes(version));
  return isOther
    ? new OtherVersions(ErrorCode.unsupportedVersion, text)
    : new RpcError(ErrorCode.unsupportedVersion, text);
}

function namesOurs(error: unknown): boolean {
  if (!(error instanceof RpcError) || error.code !== ErrorCode.unsupportedVersion) return false;
  return isObject(error.data) && versionsIn(error.data['supported']).includes(latestModern);
}

async function discover(options: HandshakeOptions, link: Link): Promise<Handshake> {
  const params = { _meta: envelope(options.client) };
  const headers = routingHeaders(latestModern, 'server/discover', params);
  function ask(): Promise<JsonObject> {
    return options.request('server/discover', params, { headers, timeoutMs: options.probeMs });
  }
  function refused(error: unknown): never {
    if (!(error instanceof RpcError) || error.code !== ErrorCode.unsupportedVersion) throw error;
    throw isObject(error.data) ? otherVersions(versionsIn(error.data['supported'])) : error;
  }
  const result = await ask().catch((error: unknown) => {
    // One that names the very revision it was asked in is asked once more.
    return namesOurs(error) ? ask().catch(refused) : refused(error);
  });
  const supported = versionsIn(result['supportedVersions']);
  if (!supported.includes(latestModern)) throw otherVersions(supported);
  link.negotiated({ protocolVersion: latestModern, listen: false });
  return { era: 'modern', identity: toIdentity(result, latestModern, supported) };
}

function toIdentity(result: JsonObject, protocolVersion: string, supportedVersions: string[]): ServerIdentity {
  const stamped = metaOf(result)?.[Meta.serverInfo];
  const info = isObject(result['serverInfo']) ? result['serverInfo'] : stamped;
  return {
    protocolVersion,
    supportedVersions,
    serverInfo: isObject(info) ? info : {},
    capabilities: isObject(result['capabilities']) ? result['capabilities'] : {},
    instructions: typeof result['instructions'] === 'string' ? result['instructions'] : null,
  };
}

const otherwise: ReadonlySet<LinkErrorCode> = new Set(['http', 'malformed', 'protocol', 'session_lost']);

/** Whether a failure says that the server is there and does not speak this era. */
function speaksOtherwise(error: unknown): boolean {
  if (error instanceof RpcError) return true;
  return error instanceof LinkError && otherwise.has(error.code);
}

/** Agrees with the server on the first era that works. */
export async function shakeHands(options: HandshakeOptions, link: Link): Promise<Handshake> {
  let failure: unknown;
  for (const era of options.eras) {
    try {
      return await (era === 'legacy' ? initialize(options, link) : discover(options, link));
    } catch (error) {
      // The handshake's error is the one people know; a failed probe of the other era says less, unless it names versions.
      if (failure === undefined || (era === 'legacy' && !(failure instanceof OtherVersions))) failure = error;
      else if (error instanceof OtherVersions) failure = error;
      if (!speaksOtherwise(error)) throw error;
    }
  }
  throw failure;
}
