import { isObject } from '@switchboard/basics';
import { ErrorCode, RpcError } from '../../rpc.ts';
import type { JsonObject } from '../../types.ts';

/** How a client of a session revision presents itself. */
export interface Hello {
  protocolVersion: string;
  capabilities: JsonObject;
  clientInfo: JsonObject;
}

function needs(what: string): RpcError {
  return new RpcError(ErrorCode.invalidParams, `Invalid params: initialize needs ${what}`);
}

/** Reads the params of `initialize`; throws RpcError that names what is wrong. A version of the client is not asked for: many have none. */
export function readHello({ protocolVersion, capabilities, clientInfo }: JsonObject): Hello {
  if (typeof protocolVersion !== 'string') throw needs('protocolVersion, a string such as "2025-11-25"');
  if (!isObject(capabilities)) throw needs('capabilities, an object: {} where the client has none');
  if (!isObject(clientInfo)) throw needs('clientInfo, an object with name and version');
  if (typeof clientInfo['name'] !== 'string') throw needs('clientInfo.name, a string');
  return { protocolVersion, capabilities, clientInfo };
}
