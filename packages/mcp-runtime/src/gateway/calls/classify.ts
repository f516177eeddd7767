import { isObject } from '@switchboard/basics';
import { decodeHeaderValue, nameSource } from '../../param-headers.ts';
import { ErrorCode, metaOf } from '../../rpc.ts';
import type { JsonObject, JsonRpcNotification, JsonRpcRequest } from '../../types.ts';
import { isModernVersion, legacyVersions, Meta, modernVersions } from '../../versions.ts';
import { HttpRefusal } from '../io/http-io.ts';

export interface RoutingHeaders {
  version: string | undefined;
  method: string | undefined;
  name: string | undefined;
}

/** Era of one posted request or notification. Throws HttpRefusal where body and headers disagree or the envelope is broken. */
export type Classified = { era: 'legacy' } | { era: 'modern'; meta: JsonObject };

const legacy: Classified = { era: 'legacy' };

function mismatch(what: string, header: string): HttpRefusal {
  return new HttpRefusal(400, ErrorCode.headerMismatch, `Bad Request: the request headers and body disagree: ${what}`, {
    data: { mismatch: { header, body: what } },
  });
}

function envelopeFault(meta: JsonObject): { key: string; problem: string } | null {
  const problems: [string, boolean, string][] = [
    [Meta.protocolVersion, typeof meta[Meta.protocolVersion] === 'string', 'expected a protocol version string'],
    [Meta.clientCapabilities, isObject(meta[Meta.clientCapabilities]), 'expected an object'],
    [Meta.clientInfo, meta[Meta.clientInfo] === undefined || isObject(meta[Meta.clientInfo]), 'expected an object'],
    [
      Meta.logLevel,
      meta[Meta.logLevel] === undefined || typeof meta[Meta.logLevel] === 'string',
      'expected a log level',
    ],
  ];
  const bad = problems.find(([, fine]) => !fine);
  if (bad === undefined) return null;
  return { key: bad[0], problem: meta[bad[0]] === undefined ? 'missing' : bad[2] };
}

function unsupported(version: string): HttpRefusal {
  const known = [...modernVersions, ...legacyVersions].join(', ');
  const text = `Unsupported protocol version: ${version}. The hub speaks ${known}`;
  const data = { supported: [...modernVersions], requested: version };
  return new HttpRefusal(400, ErrorCode.unsupportedVersion, text, { data });
}

function isKnownModern(version: string): boolean {
  return (modernVersions as readonly string[]).includes(version);
}

function checkHeaders(request: JsonRpcRequest, headers: RoutingHeaders, claimed: string): void {
  if (headers.version === undefined)
    throw mismatch(
      `the body names protocol version ${claimed} but the MCP-Protocol-Version header is absent`,
      '(missing)',
    );
  if (headers.method === undefined)
    throw mismatch(`the body names method ${request.method} but the Mcp-Method header is absent`, '(missing)');
  const source = nameSource(request.method, request.params);
  if (source === null) return;
  if (headers.name === undefined) {
    if (source.value === null) return;
    throw mismatch(`the body has params.${source.field} but the Mcp-Name header is absent`, '(missing)');
  }
  const decoded = decodeHeaderValue(headers.name.trim());
  if (decoded === null) throw mismatch('the Mcp-Name header carries an invalid base64 value', headers.name);
  if (source.value !== null && decoded !== source.value) {
    throw mismatch(
      `the body has params.${source.field}=${JSON.stringify(source.value)} but the Mcp-Name header names ${JSON.stringify(decoded)}`,
      headers.name,
    );
  }
}

function modernRequest(request: JsonRpcRequest, headers: RoutingHeaders, meta: JsonObject): Classified {
  const fault = envelopeFault(meta);
  if (fault !== null) {
    throw new HttpRefusal(400, ErrorCode.invalidParams, `Invalid _meta envelope: ${fault.key}: ${fault.problem}`, {
      data: { envelope: fault },
    });
  }
  const claimed = String(meta[Meta.protocolVersion]);
  if (headers.version !== undefined && headers.version !== claimed) {
    throw mismatch(
      `the body names protocol version ${claimed} but the MCP-Protocol-Version header names ${headers.version}`,
      headers.version,
    );
  }
  if (headers.method !== undefined && headers.method !== request.method) {
    throw mismatch(
      `the body names method ${request.method} but the Mcp-Method header names ${headers.method}`,
      headers.method,
    );
  }
  if (!isKnownModern(claimed)) throw unsupported(claimed);
  checkHeaders(request, headers, claimed);
  return { era: 'modern', meta };
}

/**
 * Decides by the body which era a message belongs to; headers only confirm (specification 2026-07-28,
 * streamable HTTP). A request without an envelope is a session-era one unless its version header says otherwise.
 */
export function classify(message: JsonRpcRequest | JsonRpcNotification, headers: RoutingHeaders): Classified {
  const meta = metaOf(message.params);
  const claims = meta !== undefined && Meta.protocolVersion in meta;
  const modernHeader = headers.version !== undefined && isModernVersion(headers.version);
  if (!('id' in message)) {
    if (claims && headers.version !== undefined && headers.version !== meta[Meta.protocolVersion]) {
      throw mismatch('the notification names another protocol version than the header', headers.version);
    }
    if (!claims && !modernHeader) return legacy;
    if (headers.method !== undefined && headers.method !== message.method)
      throw mismatch('the notification names another method than the Mcp-Method header', headers.method);
    return { era: 'modern', meta: meta ?? {} };
  }
  if (modernHeader && !claims && !isKnownModern(headers.version ?? '')) throw unsupported(headers.version ?? '');
  if (message.method === 'initialize' && !(claims && envelopeFault(meta) === null)) {
    if (modernHeader)
      throw mismatch('initialize was sent with the version header of a revision that has none', headers.version ?? '');
    return legacy;
  }
  if (claims) return modernRequest(message, headers, meta);
  if (!modernHeader) return legacy;
  const missing = meta === undefined ? '_meta' : Meta.protocolVersion;
  throw new HttpRefusal(
    400,
    ErrorCode.invalidParams,
    `Invalid params: the header names protocol revision ${headers.version}, but the request lacks ${missing}`,
    {
      data: { envelope: { missing: [missing] } },
    },
  );
}
