import { DomainError } from './errors.ts';
import { say } from './reasons.ts';

/** One request to a URL that a caller gave. */
export interface CallbackPost {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Whether loopback and private addresses may be reached. */
  allowPrivate: boolean;
  signal: AbortSignal;
}

/** Tells programs outside that something is done. */
export interface Callbacks {
  /**
   * The reason why a URL may not be posted to, as far as its text says; null where it may. Its addresses are checked at
   * the connection.
   */
  refuse(url: string, allowPrivate: boolean): string | null;
  /** Gives the status of the answer. Rejects where none came, and where the URL leads to an address that may not be reached. */
  post(post: CallbackPost): Promise<number>;
  /** The same with the beginning of the answer as text, of so many bytes at most. Redirects are not followed. */
  exchange(post: CallbackPost, mostBytes: number): Promise<{ status: number; body: string }>;
}

function refuse(): never {
  throw new DomainError('unavailable', say('tellsNobody'));
}

/** For processes that send no callbacks. */
export const noCallbacks: Callbacks = { refuse, post: refuse, exchange: refuse };
