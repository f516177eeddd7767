import { setBounded } from '@switchboard/basics';
import type { Action } from '../access/decide.ts';
import { tellFailure } from '../database-away.ts';
import type { DomainError } from '../errors.ts';
import type { Logs } from '../logs/contract.ts';
import type { Log } from '../ports.ts';
import { whyDetails } from './why.ts';
import { auditNow, type AuditSource, subjectOf } from './write.ts';

/** Writes down what somebody was refused. */
export interface Refusals {
  /** `input`: what the verb was asked with; its ids name what was asked for. */
  note(
    ctx: AuditSource & { log: Log; logs: Pick<Logs, 'audited'> },
    action: Action,
    input: unknown,
    error: DomainError,
  ): Promise<void>;
}

const windowMs = 60_000;
/** Of one user or key in a minute: who asks for everything must not fill the disk. */
const mostNoted = 100;
const mostWatched = 10_000;

interface Window {
  since: number;
  seen: Set<string>;
}

/** In memory and bounded; the same refusal is written once a minute. */
export function createRefusals(now: () => number): Refusals {
  const windows = new Map<string, Window>();

  function isNew(who: string, what: string): boolean {
    let window = windows.get(who);
    if (!window || now() - window.since >= windowMs) {
      window = { since: now(), seen: new Set() };
      setBounded(windows, who, window, mostWatched);
    }
    if (window.seen.has(what) || window.seen.size >= mostNoted) return false;
    window.seen.add(what);
    return true;
  }

  return {
    async note(ctx, action, input, error) {
      const { actor } = ctx;
      // Refusals of jobs of the hub, and of callers without credentials, name nobody and are not recorded.
      if (ctx.way === null || !('username' in actor)) return;
      if (error.code !== 'forbidden' && (error.code !== 'not_found' || actor.role === 'admin')) return;
      const subject = subjectOf(input);
      if (!isNew(`${actor.type}:${actor.id}`, `${action} ${subject}`)) return;
      const note = { ...(subject !== '' && { id: subject }), details: whyDetails(error.reason) };
      try {
        await auditNow(ctx, action, note, { outcome: 'refused' });
      } catch (failure) {
        tellFailure(ctx.log, 'warn', failure, 'A refusal was not written down');
      }
    },
  };
}
