import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CatalogNote } from './definitions/notes.ts';
import type { JsonObject } from './json.ts';
import type { Launch } from './launch.ts';
import type { Reason } from './reasons.ts';
import type { Credential, EndpointSelection, Exposure, HiddenBy } from './selection.ts';
import type { RequestTrace, Span } from './trace.ts';

export type { CatalogNote, NoteEffect, NoteReason } from './definitions/notes.ts';
export type * from './json.ts';
export type * from './launch.ts';
export type * from './personal.ts';
export type { Reason, ReasonParam } from './reasons.ts';
export type * from './selection.ts';
export type * from './upstream/sign-in/types.ts';
export type * from './task-store.ts';
export type * from './trace.ts';

export type ServerKind = 'stdio' | 'sse' | 'streamable-http' | 'container' | 'app' | 'generated' | 'graph';

/** The callers who share an upstream connection. */
export type Isolation = 'session' | 'user' | 'shared';

export interface ServerLimits {
  /** Milliseconds until a start counts as failed. */
  startTimeoutMs: number;
  /** Milliseconds a call may wait without progress. */
  callTimeoutMs: number;
  /** Milliseconds a call may last however much progress it reports. */
  maxCallMs: number;
  /** Milliseconds without a call until an instance goes to sleep; 0 = never. */
  idleMs: number;
  /** Most instances of one server. */
  maxInstances: number;
}

/** Desired state of one upstream server, as data. Two specs with the same `revision` are the same. */
export interface ServerSpec {
  /** The slug: id in URLs, prefixes, logs. */
  id: string;
  /** Changes whenever anything that needs a restart changes. */
  revision: string;
  /** `disabled` and `stopped` servers run nothing; only `on` is listed to clients. */
  desired: 'disabled' | 'stopped' | 'on';
  launch: Launch;
  isolation: Isolation;
  /** Instances belong to people: `Personal` says what each one's are opened with. Absent = to the server. */
  personal?: true;
  limits: ServerLimits;
}

export type Phase = 'stopped' | 'starting' | 'running' | 'stopping' | 'error';

/** The present status of a server. `health` is apart from `phase`: an asleep server is stopped and healthy. */
export interface ServerStatus {
  id: string;
  phase: Phase;
  health: 'healthy' | 'unhealthy' | 'unknown';
  /** True where the server is on, has nothing running, and starts with the next call. */
  asleep: boolean;
  needsSignIn: boolean;
  /** One sentence for people: why the server is in this phase. */
  message: string;
  /** The same as a code; null where it is put into words only. */
  messageReason: Reason | null;
  /** Reason of the last failure, null after a success. */
  error: string | null;
  errorReason: Reason | null;
  pid: number | null;
  /** Epoch milliseconds of the running primary instance's start. */
  startedAt: number | null;
  lastStartAt: number | null;
  /** Epoch milliseconds of the next automatic attempt. */
  nextRetryAt: number | null;
  /** How many starts failed in a row. */
  failures: number;
  lastActivityAt: number | null;
  instances: number;
  inFlight: number;
  protocolVersion: string | null;
  serverInfo: JsonObject | null;
  toolCount: number;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  /** Increases by one within a server; a cursor for paging and following. */
  seq: number;
  serverId: string;
  /** Epoch milliseconds. */
  time: number;
  level: LogLevel;
  /** stdout garbage, stderr, an MCP log message, or the hub's own words about the server. */
  source: 'stdout' | 'stderr' | 'mcp' | 'hub';
  message: string;
  instance: string | null;
}

/**
 * The items of a server, every page read, as the server sent them (unknown fields kept) except for those that strict
 * clients refuse: `definitions/` mends these, withholds them or leaves them out.
 */
export interface Catalog {
  protocolVersion: string;
  /** Revisions the server is known to speak, newest first. */
  supportedVersions: string[];
  serverInfo: JsonObject;
  capabilities: JsonObject;
  instructions: string | null;
  tools: JsonObject[];
  prompts: JsonObject[];
  resources: JsonObject[];
  resourceTemplates: JsonObject[];
  /** Names of tools that stand in no list of several servers, for strict clients would refuse the whole list. */
  withheld?: string[];
  /** The changes to odd definitions, a bounded number of notes. */
  notes?: CatalogNote[];
}

/** One finished call, told to `core` for the call record. */
export interface CallRecord {
  id: string;
  /** Epoch milliseconds. */
  startedAt: number;
  durationMs: number;
  serverId: string | null;
  endpoint: string;
  method: string;
  /** Tool or prompt name or resource URI as the server knows it. */
  name: string | null;
  outcome: 'ok' | 'tool_error' | 'error' | 'cancelled' | 'timeout';
  errorCode: number | null;
  errorMessage: string | null;
  /** Why, as a code, where the hub says it; absent or null for words of servers and tools. */
  errorReason?: Reason | null;
  credential: string;
  clientName: string | null;
  /** mcp, rest, playground. */
  via: string;
  requestId: string | null;
  /** The trace that it belongs to, where somebody keeps or named one. */
  traceId?: string | null;
  address?: string | null;
  /** Only where the selection says that they are kept. */
  arguments?: unknown;
  result?: unknown;
  /** Of a call of a tool that is there, and that its caller does not have: what keeps it. The caller is not told. */
  hidden?: HiddenBy | null;
  /** The arguments wherever the record holds text that may quote them: for taking secrets out, never kept. */
  given?: unknown;
}

export type RuntimeEvent =
  | { type: 'status'; status: ServerStatus; previous: Phase }
  | { type: 'log'; line: LogLine }
  | { type: 'catalog'; serverId: string; catalog: Catalog }
  | { type: 'call'; record: CallRecord }
  | { type: 'session'; sessions: number };

/**
 * A server's question to the client, put to whoever made an in-process call. Rejects with an error that has a JSON-RPC
 * `code` where the answer is one.
 */
export type Ask = (request: { method: string; params: JsonObject }, signal: AbortSignal) => Promise<JsonObject>;

export interface InProcessCall {
  credential: Credential;
  selection: EndpointSelection;
  method: string;
  params: JsonObject;
  via: string;
  clientName: string;
  signal: AbortSignal;
  requestId?: string;
  /** The surrounding span; absent: no trace. */
  trace?: Span | null;
  /** Ids of the graphs whose runs make the call, the outermost first. */
  within?: readonly string[];
  /** Progress, log and other notifications that belong to the call. */
  onNotification?: (notification: { method: string; params: JsonObject }) => void;
  /** Present where somebody can answer elicitation, sampling or roots. */
  ask?: Ask;
}

/** Result of starting a draft server once: what it offers, or why it failed. */
export type ProbeResult =
  | { ok: true; catalog: Catalog; durationMs: number; logs: LogLine[] }
  | { ok: false; error: string; errorReason: Reason | null; needsSignIn: boolean; durationMs: number; logs: LogLine[] };

export interface RuntimeMetrics {
  sessions: number;
  instances: number;
  inFlight: number;
  parked: number;
  servers: Record<Phase, number>;
}

/** The resource use of one server's programs on this machine, with their children. */
export interface ProgramUsage {
  serverId: string;
  memoryBytes: number;
  /** Of one core, since the last look; 0 for what was not seen before. */
  cpuPercent: number;
}

/** From which request a message came. */
export type RequestOrigin = Pick<HttpContext, 'requestId' | 'trace'>;

/** The facts of a request that the listener has before the runtime sees it. */
export interface HttpContext {
  credential: Credential;
  /** `all` or a slug. */
  endpoint: string;
  /** `streamable`: /mcp…; `sse`: GET /sse…; `messages`: POST /messages. */
  route: 'streamable' | 'sse' | 'messages';
  /** Path under which the client posts messages of an HTTP+SSE session, for example `/messages`. */
  messagesPath: string;
  /** Largest accepted body in bytes. */
  bodyLimit: number;
  /** Counts a body that comes in pieces while it is read; `cut` is called where it has to make room. Absent: not counted. */
  openBody?: (cut: () => void) => { add(bytes: number): void; close(): void };
  requestId: string;
  /** Absent: requests have no traces. */
  trace?: RequestTrace | undefined;
  /** Sent with every answer. */
  headers?: Readonly<Record<string, string>>;
  /** Refuses methods for which the credential is not enough. Absent: it is enough for all. */
  refuse?: Refuse;
}

/** Why a request with this method is refused before anything is done about it; null where it is not. */
export type Refuse = (
  method: string,
) => { status: number; message: string; headers: Readonly<Record<string, string>> } | null;

/**
 * Runs upstream servers and routes MCP messages to them. Knows no database, users or HTTP routes.
 * Created by `createRuntime`, owned by the server process.
 */
export interface Runtime {
  /** Makes the running state follow these specs: starts, restarts and removes what differs. Returns at once. */
  apply(specs: readonly ServerSpec[]): void;
  /** Puts a catalog known from an earlier run in place, so lists answer before a server has started. */
  seedCatalog(serverId: string, catalog: Catalog): void;
  catalog(serverId: string): Catalog | null;
  status(serverId: string): ServerStatus | null;
  statuses(): ServerStatus[];
  /** Resolves with the status once `done` holds for it; rejects when the signal aborts. */
  until(serverId: string, done: (status: ServerStatus) => boolean, signal: AbortSignal): Promise<ServerStatus>;
  /** The same once a start has come to something: the server runs, has failed, or waits for people. */
  settled(serverId: string, signal: AbortSignal): Promise<ServerStatus>;
  /** Stops every instance of the server now; `graceMs` before SIGKILL. Resolves when nothing is left. */
  stop(serverId: string, options: { graceMs: number }): Promise<void>;
  restart(serverId: string, signal: AbortSignal): Promise<ServerStatus>;
  /** Starts a draft once. On success with `adopt` the instance stays as the primary of the next applied spec of that id and revision. */
  probe(spec: ServerSpec, options: { adopt: boolean; signal: AbortSignal }): Promise<ProbeResult>;
  /** Drops an adopted instance whose insert failed. */
  abandon(serverId: string): Promise<void>;
  /** Lists (`tools/list` …) and calls on behalf of REST, playground and later chat; same routing and records as MCP clients. Rejects with RpcError. */
  call(request: InProcessCall): Promise<JsonObject>;
  /** Whether nobody knows if a call was carried out that failed with this. */
  isInDoubt(error: unknown): boolean;
  /** The items of a selection for clients, with names, costs and collisions. */
  exposure(selection: EndpointSelection): Exposure;
  logs(serverId: string): LogLine[];
  subscribe(listener: (event: RuntimeEvent) => void): () => void;
  /** Tells open sessions that what their credential may see at an endpoint changed. */
  selectionsChanged(): void;
  /** What `Personal` says changed: instances that were opened otherwise end, and whoever waits for it goes on. */
  personalChanged(): void;
  metrics(): RuntimeMetrics;
  /**
   * The resource use of programs, by server; none for containers and remote servers, nor where the system has no /proc.
   */
  programUsage(): Promise<ProgramUsage[]>;
  /** Until when the certificate of a remote server is valid, in epoch milliseconds; null where none was seen, as behind a proxy. */
  certificateExpiry(serverId: string): number | null;
  /** Answers one HTTP request of an MCP client (streamable HTTP in both eras, or HTTP+SSE). The caller has checked Host, Origin and credential. */
  handleHttp(request: IncomingMessage, response: ServerResponse, context: HttpContext): void;
  /** Refuses new requests of MCP clients. Running ones continue, and answers to their questions are still taken. */
  drain(): void;
  /** Requests of MCP clients that are under way. */
  working(): number;
  /** Answers MCP requests that are under way with an error, and ends sessions and streams. */
  endSessions(): void;
  /** Ends sessions, calls and children. */
  close(): Promise<void>;
}
