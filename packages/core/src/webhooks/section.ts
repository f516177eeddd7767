import { z } from 'zod';
import { tables } from '@switchboard/db';
import { keyedBy, requireOwnKey } from '../config-file/keyed.ts';
import { isMasked } from '../config-file/masks.ts';
import type { Section, FileEntry } from '../config-file/section.ts';
import { describeUrl } from '../configuration/sections.ts';
import type { Ctx } from '../context.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { parseInput } from '../verb.ts';
import { hiddenSecret, CreateWebhook } from './schema.ts';
import { createWebhook, updateWebhook } from './verbs.ts';

const { webhooks } = tables;
const { shape } = CreateWebhook;
const Entry = z.strictObject({
  name: shape.name,
  url: z.string().max(2_048),
  events: shape.events,
  enabled: z.boolean(),
  secret: z.literal(hiddenSecret).optional(),
});

async function rowsOf({ db }: Pick<Ctx, 'db'>) {
  return keyedBy(await db.select().from(webhooks).orderBy(webhooks.createdAt, webhooks.id), ({ name }) => name);
}

/** Webhooks, by name, without what signs and without what of an address may be a token. */
export const webhooksInFile: Section = {
  name: 'webhooks',
  tables: ['webhooks'],
  rights: { read: 'webhook.read', write: 'webhook.manage' },
  entry: Entry,
  secrets: ['*.secret'],
  partlySecret: ['*.url'],
  needed: ['url'],
  async read(ctx) {
    const told = new Map<string, FileEntry>();
    for (const [key, { name, url, events, enabled }] of await rowsOf(ctx)) {
      told.set(key, { name, url: describeUrl(url), events, enabled, secret: hiddenSecret });
    }
    return told;
  },
  async write(ctx, key, told, before) {
    const { secret: _secret, url, ...entry } = parseInput(Entry, told);
    const keyed = await rowsOf(ctx);
    const row = before ? keyed.get(key) : undefined;
    if (!row) requireOwnKey(keyed, key, entry.name);
    else if (row.name !== entry.name) throw invalidField('name', say('nameInFile'));
    // A webhook that is made signs with a secret of its own.
    if (!row) await createWebhook(ctx, parseInput(CreateWebhook, { ...entry, url }));
    else await updateWebhook(ctx, { id: row.id, patch: { ...entry, ...(!isMasked(url) && { url }) } });
  },
};
