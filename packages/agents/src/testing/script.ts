import type { FinishReason, JsonObject } from '../types.ts';

export interface ScriptedCall {
  name: string;
  arguments: JsonObject;
  /** Made where absent. */
  id?: string;
}

/** The answer of the scripted provider to one request, in the format of the request. */
export interface Reply {
  /** Said in pieces of a few characters; absent together with `calls` = "ok". */
  text?: string;
  reasoning?: string;
  calls?: ScriptedCall[];
  /** Absent = `tool_calls` with calls, else `stop`. */
  finish?: FinishReason;
  usage?: { prompt: number; completion: number };

  /** Another status than 200: answered with an error body of the format. */
  status?: number;
  /** Sent as `Retry-After`, as it is: seconds or a date. */
  retryAfter?: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as it is instead of what the format would have: an object as JSON. */
  body?: string | JsonObject;
  /** Lines of a recorded stream, sent as they are; with `content-encoding: gzip` among the headers they are compressed. */
  raw?: string;

  /** The first byte waits for this. */
  hold?: Promise<unknown>;
  /** The headers come, the first event waits for this. */
  holdEvents?: Promise<unknown>;
  /** The connection is ended after this many events, without an end of the message. */
  cutAfter?: number;
  /** The same in the middle of a line: the socket is destroyed. */
  breakAfter?: number;
  /** An event that is no JSON comes after this many events. */
  malformedAfter?: number;
  /** An error of the format comes after this many events. */
  errorAfter?: number;
  /** After this many events nothing more comes, and the connection stays. */
  stallAfter?: number;
  /** Characters of one piece of text or arguments; 4 where absent. */
  pieceLength?: number;
  /** Text without end. */
  endless?: boolean;
}

export interface RecordedRequest {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  /** Parsed JSON; null where there was no body. */
  body: JsonObject | null;
  /** Bytes of the answer that the client's side has taken so far. */
  taken(): number;
  /** Settles when the client ended the connection before the answer was whole, or the answer ended. */
  ended: Promise<'whole' | 'left'>;
}

/** A scripted provider on a port of this machine, in both formats. */
export interface ScriptedProvider extends AsyncDisposable {
  /** `http://127.0.0.1:port`, without a path. */
  readonly url: string;
  /** Every request, in order. */
  readonly requests: RecordedRequest[];
  /** Answers the next requests, one each; after them it says "ok". */
  script(...replies: Reply[]): void;
  /** Answers every request that no script is left for. */
  always(answer: (request: RecordedRequest) => Reply | Promise<Reply>): void;
  /** The answer of `GET /v1/models`. */
  models: string[];
  /** Forgets requests and scripts. */
  forget(): void;
}
