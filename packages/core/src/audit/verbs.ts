import { z } from 'zod';
import { changeSection } from '../configuration/change.ts';
import { lockSettings, readStored } from '../configuration/stored.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { csvHeader, toCsv, toJsonLine } from './export.ts';
import { readRetention } from './retention.ts';
import {
  ExportAudit,
  GetAudit,
  ListAudit,
  SetRetention,
  type AuditEntry,
  type AuditExport,
  type AuditPage,
  type Retention,
} from './schema.ts';
import { cursorOf, placeOf, questionOf, questionOfEntry, readTrail, type Question } from './trail.ts';
import { readWholeTrail } from './whole-trail.ts';

/** Lists changes and calls, newest first: all for admins, one's own for everybody else. */
export const listAudit = verb(
  { name: 'audit.read', access: 'read', input: ListAudit },
  async (ctx, input): Promise<AuditPage> => {
    await ctx.hub.flushCalls();
    const question = await questionOf(ctx, input);
    const { entries, end } = await readTrail(ctx, question, placeOf(input.cursor), input.limit + 1);
    const items = entries.slice(0, input.limit);
    const last = entries.length > input.limit ? items.at(-1) : end;
    return { items, nextCursor: last ? cursorOf(last) : null, searchedTo: end?.at ?? null };
  },
);

/** One entry; what somebody else did is as absent to who is no admin. */
export const getAudit = verb(
  { name: 'audit.read', access: 'read', input: GetAudit },
  async (ctx, { id }): Promise<AuditEntry> => {
    await ctx.hub.flushCalls();
    const [entry] = (await readTrail(ctx, questionOfEntry(ctx, id), null, 1)).entries;
    if (!entry) throw new DomainError('not_found', say('noAuditEntry', { id }));
    return entry;
  },
);

async function* write(ctx: Ctx, question: Question, format: 'csv' | 'jsonl'): AsyncIterable<string> {
  if (format === 'csv') yield csvHeader;
  const line = format === 'csv' ? toCsv : toJsonLine;
  for await (const chunk of readWholeTrail(ctx, question)) yield chunk.map(line).join('');
}

/** The trail as a file, read while it is sent; that somebody took it is written down first. */
export const exportAudit = verb(
  { name: 'audit.export', access: 'write', input: ExportAudit, tx: false },
  async (ctx, input): Promise<AuditExport> => {
    await ctx.hub.flushCalls();
    const { format, ...filter } = input;
    const question = await questionOf(ctx, filter);
    ctx.audit({ details: { format, ...filter } });
    const day = new Date(ctx.clock.now()).toISOString().slice(0, 10);
    return {
      contentType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
      fileName: `switchboard-audit-${day}.${format}`,
      chunks: write(ctx, question, format),
    };
  },
);

/** How long history is kept. */
export const getRetention = verb(
  { name: 'audit.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<Retention> => readRetention(ctx.db),
);

/** Sets how long history is kept; what is older goes within the hour. */
export const setRetention = verb(
  { name: 'audit.configure', access: 'write', input: SetRetention },
  async (ctx, input): Promise<Retention> => {
    await lockSettings(ctx.db);
    const { stored } = await readStored(ctx.db);
    await changeSection(ctx, stored, 'retention', input);
    return await readRetention(ctx.db);
  },
);
