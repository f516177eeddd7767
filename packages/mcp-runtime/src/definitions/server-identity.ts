import type { JsonObject } from '../types.ts';

/** The facts that a connection has about its server before any list is read. */
export interface ServerIdentity {
  protocolVersion: string;
  supportedVersions: string[];
  serverInfo: JsonObject;
  capabilities: JsonObject;
  instructions: string | null;
}
