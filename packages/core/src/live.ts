import type { Ctx } from './context.ts';
import type { DomainEvent } from './events.ts';

/** The servers that a listener saw when it was last checked. */
export interface SeenServers {
  knew(serverId: string): boolean;
}

/** The receivers of one kind of event, and the paths that they load again. */
export interface LiveRule<E extends DomainEvent = DomainEvent> {
  /** Whether the listener may know of it, asked as it happens. */
  sees(ctx: Ctx, event: E, sight: SeenServers): boolean;
  /** The server of the event: the listener has to see that server still when it is sent. */
  server?(event: E): string;
  /** Paths of the API whose answers are stale: a router (`groups`), or a procedure (`servers.list`). */
  invalidates: readonly string[];
  /** Procedures that are stale for one input `{ id }` only. */
  ofOne?: { id(event: E): string; invalidates: readonly string[] };
  /** Rights may be others than before. All hubs and pages follow within a moment, so it is read once more then. */
  settles?: true;
}

/** The rules of some kinds of events; null where no listener gets them. */
export type LiveRules<Type extends DomainEvent['type']> = Readonly<{
  [T in Type]: LiveRule<Extract<DomainEvent, { type: T }>> | null;
}>;

/** The news of a change for a listener. */
export interface ChangeNotice {
  type: 'changed';
  paths: readonly string[];
  one?: { id: string; paths: readonly string[] };
  settles?: true;
}

/** The frame of an event. */
export function changedBy<E extends DomainEvent>(rule: LiveRule<E>, event: E): ChangeNotice {
  const { invalidates, ofOne, settles } = rule;
  const one = ofOne && { id: ofOne.id(event), paths: ofOne.invalidates };
  return { type: 'changed', paths: invalidates, ...(one && { one }), ...(settles && { settles }) };
}
