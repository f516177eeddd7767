import { alertKindFacts, type AlertKind, type AlertSeverity } from '@switchboard/core/alerts/schema';
import type { Inputs, Outputs } from '../../lib/trpc.ts';

type Rule = Outputs['alerts']['rules'][number];

/** A rule as its form holds it: numbers as they are typed. */
export interface RuleDraft {
  name: string;
  kind: AlertKind;
  severity: AlertSeverity;
  serverId: string;
  threshold: string;
  windowMinutes: string;
  forMinutes: string;
  quiet: boolean;
  from: string;
  until: string;
  timeZone: string;
}

function usualThreshold(kind: AlertKind): string {
  return String(alertKindFacts[kind].threshold?.usual ?? '');
}

/** What the form begins with. */
export function draftOf(rule: Rule | null): RuleDraft {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    name: rule?.name ?? '',
    kind: rule?.kind ?? 'server-failing',
    severity: rule?.severity ?? 'warning',
    serverId: rule?.serverId ?? '',
    threshold: rule ? String(rule.threshold ?? '') : usualThreshold('server-failing'),
    windowMinutes: String(rule?.windowMinutes ?? 5),
    forMinutes: String(rule?.forMinutes ?? 0),
    quiet: rule?.quiet != null,
    from: rule?.quiet?.from ?? '22:00',
    until: rule?.quiet?.until ?? '07:00',
    timeZone: rule?.quiet?.timeZone ?? timeZone,
  };
}

/** The same draft for another kind: what that one has no use for goes. */
export function withKind(draft: RuleDraft, kind: AlertKind): RuleDraft {
  return {
    ...draft,
    kind,
    threshold: usualThreshold(kind),
    serverId: alertKindFacts[kind].ofServers ? draft.serverId : '',
  };
}

/** What is sent; an empty number is not a number, and refused with its field. */
export function inputOf(draft: RuleDraft): Omit<Inputs['alerts']['createRule'], 'kind'> {
  const { name, severity, serverId, threshold, windowMinutes, forMinutes, quiet, from, until, timeZone } = draft;
  return {
    name,
    severity,
    serverId: serverId === '' ? null : serverId,
    threshold: alertKindFacts[draft.kind].threshold ? Number(threshold) : null,
    windowMinutes: Number(windowMinutes),
    forMinutes: Number(forMinutes),
    quiet: quiet ? { from, until, timeZone } : null,
  };
}
