import type { Json } from './script-types.ts';

export interface Heard {
  method: string;
  params: Json;
}

export interface RequestOptions {
  signal?: AbortSignal;
  onprogress?: (progress: Json) => void;
  timeout?: number;
}

export interface TestClient extends AsyncDisposable {
  readonly kind: ClientKind | 'stdio';
  readonly protocolVersion: string | undefined;
  readonly capabilities: Json;
  readonly serverInfo: Json;
  readonly instructions: string | undefined;
  /** Notifications received so far, progress apart. */
  readonly heard: Heard[];
  /** Questions the server asked. */
  readonly asked: Heard[];
  request(method: string, params?: Json, options?: RequestOptions): Promise<Json>;
  notify(method: string, params?: Json): Promise<void>;
  /** Reads a list to its last page. */
  list(method: string, key: string): Promise<Json[]>;
  call(name: string, args?: Json, options?: RequestOptions): Promise<Json>;
  /** Resolves with the next notification of this method, also one that came already. */
  next(method: string, timeoutMs?: number): Promise<Heard>;
  /** Asks to hear of changes, as the era has it. */
  watch(filter: { tools?: boolean; resource?: string }): Promise<void>;
  /** Ends the session at the server (2025), then the connection. */
  end(): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  headers?: Record<string, string>;
  /** Replaces how questions are answered; a method left out is answered by the defaults below. */
  answers?: Answers;
  /** What the client says it can be asked; default everything. */
  capabilities?: Json;
  name?: string;
}

/** Programs of the field: the v1 SDK over both its transports, the v2 SDK in both eras. */
export const clientKinds = ['v1-streamable', 'v1-sse', 'v2-legacy', 'v2-modern'] as const;
export type ClientKind = (typeof clientKinds)[number];

export type Answers = Record<string, (params: Json) => Json | Promise<Json>>;
