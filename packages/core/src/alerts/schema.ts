import { z } from 'zod';
import { alertKinds, alertSeverities } from '@switchboard/db/words';
import type { Reason } from '@switchboard/mcp-runtime/reasons';

export { alertKinds, alertSeverities };

export const AlertKind = z.enum(alertKinds);
export type AlertKind = z.infer<typeof AlertKind>;
export const AlertSeverity = z.enum(alertSeverities);
export type AlertSeverity = z.infer<typeof AlertSeverity>;

/** The facts of one kind of rule. */
export interface AlertKindFacts {
  /** The name of the rule that is shipped with the hub. */
  name: string;
  /** It is about servers, and can be confined to one. */
  ofServers: boolean;
  /** Null where the kind has no threshold. */
  threshold: {
    unit: 'percent' | 'milliseconds' | 'failures' | 'days';
    least: number;
    most: number;
    usual: number;
  } | null;
  /** It looks back over a time. */
  hasWindow: boolean;
  /** It finds something that happened once, as long as it looks back: a rule has to fire before that is over. */
  isMomentary?: true;
}

/** The fields that the page offers for each kind, and the checks of their values. */
export const alertKindFacts: Readonly<Record<AlertKind, AlertKindFacts>> = {
  'server-failing': { name: 'A server does not run', ofServers: true, threshold: null, hasWindow: false },
  'server-flapping': {
    name: 'A server fails again and again',
    ofServers: true,
    threshold: { unit: 'failures', least: 2, most: 100, usual: 3 },
    hasWindow: true,
  },
  'error-rate': {
    name: 'Many calls of a server fail',
    ofServers: true,
    threshold: { unit: 'percent', least: 1, most: 100, usual: 20 },
    hasWindow: true,
  },
  'slow-calls': {
    name: 'Calls of a server are slow',
    ofServers: true,
    threshold: { unit: 'milliseconds', least: 1, most: 3_600_000, usual: 10_000 },
    hasWindow: true,
  },
  'no-calls': { name: 'Nobody calls a server any more', ofServers: true, threshold: null, hasWindow: true },
  'tools-changed': {
    name: 'A server changed its tools',
    ofServers: true,
    threshold: null,
    hasWindow: true,
    isMomentary: true,
  },
  'disk-space': {
    name: 'The disk is nearly full',
    ofServers: false,
    threshold: { unit: 'percent', least: 1, most: 90, usual: 10 },
    hasWindow: false,
  },
  'database-away': {
    name: 'The database was away',
    ofServers: false,
    threshold: null,
    hasWindow: true,
    isMomentary: true,
  },
  'jobs-failing': { name: 'Jobs were set aside', ofServers: false, threshold: null, hasWindow: false },
  'key-expiring': {
    name: 'An API key expires soon',
    ofServers: false,
    threshold: { unit: 'days', least: 1, most: 365, usual: 7 },
    hasWindow: false,
  },
  'certificate-expiring': {
    name: 'The certificate of a server expires soon',
    ofServers: true,
    threshold: { unit: 'days', least: 1, most: 365, usual: 14 },
    hasWindow: false,
  },
  'sign-in-expiring': {
    name: 'The shared sign-in to a server expires soon',
    ofServers: true,
    threshold: { unit: 'days', least: 1, most: 365, usual: 7 },
    hasWindow: false,
  },
};

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day like 22:00');

/** Hours without notifications, critical alerts excepted; over midnight where `from` is later than `until`. */
export const QuietHours = z.strictObject({
  from: TimeOfDay,
  until: TimeOfDay,
  timeZone: z.string().max(64).refine(isTimeZone, 'must be a time zone like Europe/Berlin').default('UTC'),
});
export type QuietHours = z.infer<typeof QuietHours>;

const fields = {
  name: z.string().trim().min(1).max(100),
  enabled: z.boolean(),
  severity: AlertSeverity,
  serverId: z.string().min(1).max(128).nullable(),
  threshold: z.number().nullable(),
  windowMinutes: z.int().min(1).max(1440),
  forMinutes: z.int().min(0).max(1440),
  quiet: QuietHours.nullable(),
};

export const CreateAlertRule = z.strictObject({
  ...fields,
  kind: AlertKind,
  enabled: fields.enabled.default(true),
  severity: AlertSeverity.default('warning'),
  serverId: fields.serverId.default(null),
  /** Default: the usual one of the kind. */
  threshold: fields.threshold.optional(),
  windowMinutes: fields.windowMinutes.default(5),
  forMinutes: fields.forMinutes.default(0),
  quiet: fields.quiet.default(null),
});
export type CreateAlertRule = z.infer<typeof CreateAlertRule>;

export const ByRuleId = z.object({ id: z.string().min(1).max(128) });
export const ChangeAlertRule = z.strictObject({ ...z.object(fields).partial().shape, ...ByRuleId.shape });
export type ChangeAlertRule = z.infer<typeof ChangeAlertRule>;

export const ByAlertId = z.object({ id: z.string().min(1).max(128) });

export const ListAlerts = z.object({
  /** Open ones are firing, acknowledged or not. */
  state: z.enum(['open', 'resolved', 'all']).default('open'),
  severity: AlertSeverity.optional(),
  serverId: z.string().min(1).max(128).optional(),
  limit: z.int().min(1).max(200).default(50),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(200).optional(),
});
export type ListAlerts = z.infer<typeof ListAlerts>;

export interface AlertRule {
  id: string;
  name: string;
  kind: AlertKind;
  enabled: boolean;
  severity: AlertSeverity;
  serverId: string | null;
  threshold: number | null;
  windowMinutes: number;
  forMinutes: number;
  quiet: QuietHours | null;
  shipped: boolean;
  createdAt: Date;
  updatedAt: Date;
}

export interface Alert {
  id: string;
  rule: { id: string; name: string; kind: AlertKind };
  severity: AlertSeverity;
  state: 'firing' | 'resolved';
  /** Id of the server it is about; null: of the hub itself. */
  serverId: string | null;
  reason: Reason;
  /** Null also for who may not read the server's log. */
  detail: string | null;
  value: number | null;
  since: Date;
  firedAt: Date;
  resolvedAt: Date | null;
  acknowledged: { at: Date; by: string | null } | null;
  can: { acknowledge: boolean };
}

export interface AlertPage {
  /** Newest first. */
  items: Alert[];
  nextCursor: string | null;
}
