import { z } from 'zod';
import { tables } from '@switchboard/db';
import { keyedBy, requireOwnKey } from '../config-file/keyed.ts';
import type { Section, FileEntry } from '../config-file/section.ts';
import type { Ctx } from '../context.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { parseInput } from '../verb.ts';
import { AlertKind, AlertSeverity, ChangeAlertRule, CreateAlertRule } from './schema.ts';
import { changeAlertRule, createAlertRule } from './verbs.ts';

const { alertRules } = tables;
const { id: _id, serverId: _serverId, ...fields } = ChangeAlertRule.shape;
const Entry = z.strictObject({
  ...fields,
  name: CreateAlertRule.shape.name,
  kind: AlertKind,
  severity: AlertSeverity,
  server: z.string().max(128).optional(),
});

/** Rules that come with the hub go by their kind, and others by their name. */
async function rowsOf({ db }: Pick<Ctx, 'db'>) {
  const rows = await db.select().from(alertRules).orderBy(alertRules.createdAt, alertRules.id);
  return keyedBy(rows, ({ shipped, kind, name }) => (shipped ? kind : name));
}

/** Alert rules. */
export const alertsInFile: Section = {
  name: 'alerts',
  tables: ['alert_rules'],
  rights: { read: 'alert.manage', write: 'alert.manage' },
  entry: Entry,
  async read(ctx) {
    const told = new Map<string, FileEntry>();
    for (const [key, row] of await rowsOf(ctx)) {
      const { name, kind, enabled, severity, serverId, threshold, windowMinutes, forMinutes, quiet } = row;
      const own = { name, kind, enabled, severity, ...(serverId !== null && { server: serverId }) };
      const bounds = { ...(threshold !== null && { threshold }), windowMinutes, forMinutes };
      told.set(key, { ...own, ...bounds, ...(quiet !== null && { quiet: { ...quiet } }) });
    }
    return told;
  },
  write: () => Promise.resolve(),
  async finish(ctx, key, told, before) {
    const { server = null, kind, threshold = null, quiet = null, ...rest } = parseInput(Entry, told);
    const given = { ...rest, serverId: server, threshold, quiet };
    const keyed = await rowsOf(ctx);
    const row = before ? keyed.get(key) : undefined;
    if (!row) requireOwnKey(keyed, key, rest.name);
    else if (!row.shipped && row.name !== rest.name) throw invalidField('name', say('nameInFile'));
    if (row) await changeAlertRule(ctx, { ...given, id: row.id });
    else await createAlertRule(ctx, parseInput(CreateAlertRule, { ...given, kind }));
  },
};
