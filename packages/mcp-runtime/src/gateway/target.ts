import type { JsonObject, SelectedServer } from '../types.ts';

export interface Target {
  serverId: string;
  method: string;
  params: JsonObject;
  name: string | null;
  /** How much of the call its record keeps. */
  record?: SelectedServer['record'] | null;
  /** The caller may not know why the server fails. */
  quiet?: boolean;
  /** Counts as a call though it is none that the hub knows. */
  counts?: boolean;
  /** The endpoint has several servers, and may have to keep their tasks apart. */
  prefixed?: boolean;
  /** Tool schema, for the headers a 2026 server expects. */
  inputSchema?: unknown;
}
