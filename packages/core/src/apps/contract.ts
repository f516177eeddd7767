import type { CompiledApp, Fault, Outcome, Scope } from '@switchboard/agents/simulator';
import type { AppRow, AppTokenRow } from './rows.ts';

/** A token as calls meet it. */
export type KnownToken = Omit<AppTokenRow, 'hash' | 'state' | 'stateVersion' | 'faults'> & { faults: readonly Fault[] };

/** Whether a token may call a product. */
export type Entry =
  | { ok: true; app: AppRow; token: KnownToken }
  /** `token`: there is none, or it does not count; `app`: there is no such product; `grant`: it is not for this token. */
  | { ok: false; why: 'token' | 'app' | 'grant' };

export interface Asked {
  /** From where. */
  address: string | null;
  /** The revision that the request names. */
  version: string | null;
  signal: AbortSignal;
}

/** Simulated products in memory: what they answer, for whom, and what is written down of it. */
export interface Simulator {
  /** Reads what changed in the database; the first time everything. */
  load(): Promise<void>;
  /** Whether a token may call `Category/Name`. Reads no database. */
  enter(category: string, name: string, token: string | null): Entry;
  /** Answers one message. */
  answer(entry: Extract<Entry, { ok: true }>, message: unknown, asked: Asked): Promise<Outcome>;
  /** Answers one message in a scope of the caller's own making: a session, or a trial. */
  answerIn(appId: string, message: unknown, scope: Scope): Promise<Outcome>;
  /** Answers one message as an app would that is not stored. */
  answerAs(app: CompiledApp, message: unknown, scope: Scope): Promise<Outcome>;
  /** The scope of a token, with its state and counters. */
  scopeOf(token: KnownToken, app: AppRow, asked: Asked): Promise<Scope>;
  /** An app that is ready to be called; null where there is none. */
  compiled(appId: string): Promise<CompiledApp | null>;
  /** A template that models are asked with; null where it is switched off. */
  prompt(name: string): { body: string; version: string } | null;
  /** The token by its id. */
  token(id: string): KnownToken | null;
  /** Forgets the state that it holds of a token: another one is stored. */
  forgetState(tokenId: string): void;
  /** Resets the counters of the calls of a token. */
  restartCounters(tokenId: string): void;
  /** An app by its id, from memory. */
  app(id: string): AppRow | null;
  /** Writes the calls that wait for it. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}
