/**
 * What the scripted test servers do, independent of SDK and era: a list of tools, prompts and resources and one state
 * per process. `scripted-v1.ts` and `scripted-v2.ts` put it on the wire.
 */

export type Json = Record<string, unknown>;

/** A running call, as a tool sees it. */
export interface Call {
  args: Json;
  signal: AbortSignal;
  progress(progress: number, total: number, message: string): Promise<void>;
  log(level: 'debug' | 'info' | 'warning' | 'error', data: unknown): Promise<void>;
  /**
   * Asks the client. Under 2026-07-28 the call ends here and comes again with the answer, so a tool has to reach the
   * same question by the same way.
   */
  ask(key: string, method: string, params: Json): Promise<Json>;
}

export interface ScriptedTool {
  name: string;
  description: string;
  inputSchema: Json;
  outputSchema?: Json;
  annotations?: Json;
  icons?: Json[];
  title?: string;
  _meta?: Json;
  run(call: Call): Promise<Json> | Json;
}

/** How the script reaches the clients that listen. */
export interface Audience {
  toolsChanged(): void;
  resourceUpdated(uri: string): void;
}
