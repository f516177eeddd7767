import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import type { Actor } from '../actor.ts';
import type { DomainEvent } from '../events.ts';
import { addMember } from '../groups/members.ts';
import { createGroup } from '../groups/verbs.ts';
import { createKey, listKeys } from '../keys/verbs.ts';
import { makeTestCore, unbounded, type TestCore } from '../testing.ts';
import { updateUser } from '../users/update.ts';
import { findModel, openHeaders, openKey } from './queries.ts';
import { createModel, getModel, listModels, removeModel, updateModel } from './verbs.ts';

let hub: TestCore;
let events: DomainEvent[];
async function open() {
  hub = await makeTestCore();
  events = [];
  hub.core.events.subscribe((event) => void events.push(event));
}
function close() {
  return hub.close();
}
function withHubOfItsOwn() {
  beforeEach(open);
  afterEach(close);
}

const draft = { name: 'openai/gpt-4o', baseUrl: 'https://api.openai.com/v1', apiKey: 'sk-live-1234567890' };

async function audited() {
  const rows = await hub.testDb.db
    .select()
    .from(tables.audit)
    .where(eq(tables.audit.subject, (await stored()).id));
  return rows.map(({ action, outcome, details }) => ({ action, outcome, details }));
}
async function stored(name = draft.name) {
  const row = await findModel(hub.testDb.db, name);
  if (!row) throw new Error(`There is no model ${name}.`);
  return row;
}
function names(actor?: Actor) {
  return listModels(hub.ctx(actor), {}).then((models) => models.map(({ name }) => name));
}

describe('a model', () => {
  withHubOfItsOwn();

  it('is kept with its key sealed, and nobody is told the key', async () => {
    const made = await createModel(hub.ctx(), { ...draft, headers: { 'x-org': 'secret-org' } });
    expect(made).toMatchObject({
      name: draft.name,
      model: draft.name,
      speaks: 'openai',
      protocol: null,
      hasKey: true,
      headers: { 'x-org': '***' },
      visibility: 'private',
      abilities: { tools: true, images: false, reasoning: false },
      can: { use: true, configure: true },
    });
    const row = await stored();
    expect(row.apiKey).not.toContain('sk-live');
    expect(openKey(hub.core.deps.secrets, row)).toBe(draft.apiKey);
    expect(JSON.stringify([made, await listModels(hub.ctx(), {}), await audited(), events])).not.toMatch(
      /sk-live|secret-org/,
    );
    expect(await audited()).toEqual([
      expect.objectContaining({
        action: 'model.create',
        outcome: 'ok',
        details: expect.objectContaining({ name: draft.name }),
      }),
    ]);
    expect(events).toEqual([expect.objectContaining({ type: 'model.changed', id: row.id })]);
  });

  it('keeps its key where none, an empty one or the mask comes, and loses it for null', async () => {
    await createModel(hub.ctx(), { ...draft, headers: { a: 'one', b: 'two' } });
    for (const apiKey of [undefined, '', '***']) {
      await updateModel(hub.ctx(), { id: draft.name, patch: { ...(apiKey !== undefined && { apiKey }), priceIn: 1 } });
      expect(openKey(hub.core.deps.secrets, await stored())).toBe(draft.apiKey);
    }
    await updateModel(hub.ctx(), { id: draft.name, patch: { headers: { a: '***' } } });
    expect(openHeaders(hub.core.deps.secrets, await stored())).toEqual({ a: 'one' });
    await updateModel(hub.ctx(), { id: draft.name, patch: { apiKey: 'sk-other-1234567890' } });
    expect(openKey(hub.core.deps.secrets, await stored())).toBe('sk-other-1234567890');
    const bare = await updateModel(hub.ctx(), { id: draft.name, patch: { apiKey: null } });
    expect(bare.hasKey).toBe(false);
    await expect(createModel(hub.ctx(), { ...draft, name: 'x', apiKey: '***' })).rejects.toThrow(/none is stored/);
  });

  it('asks its provider for what it was made with, also after it was called otherwise', async () => {
    await createModel(hub.ctx(), draft);
    const renamed = await updateModel(hub.ctx(), { id: draft.name, patch: { name: 'main' } });
    expect(renamed).toMatchObject({ name: 'main', model: draft.name });
    await expect(getModel(hub.ctx(), { id: draft.name })).rejects.toMatchObject({ code: 'not_found' });
    expect(await getModel(hub.ctx(), { id: renamed.id })).toEqual(renamed);
  });

  it('has a name of its own, whoever sees the other, in every spelling', async () => {
    await createModel(hub.ctx(), draft);
    const manager = await hub.addUser('manager');
    for (const name of [draft.name, 'OpenAI/GPT-4o']) {
      await expect(createModel(hub.ctx(manager), { ...draft, name })).rejects.toMatchObject({ code: 'conflict' });
    }
    await createModel(hub.ctx(), { ...draft, name: 'other' });
    const moved = updateModel(hub.ctx(), { id: 'other', patch: { name: draft.name } });
    await expect(moved).rejects.toMatchObject({ code: 'conflict' });
    for (const name of ['demo', 'Demo']) {
      await expect(createModel(hub.ctx(), { ...draft, name })).rejects.toThrow(/built-in model/);
    }
  });

  it('reaches private addresses where whoever set its URL may run programs', async () => {
    const { id } = await hub.addUser('user', 'granted');
    await updateUser(hub.ctx(), { id, patch: { grants: ['model.create'] } });
    const granted = { ...hub.admin, id, role: 'user', username: 'granted' } as const;
    await createModel(hub.ctx(granted), { name: 'theirs', baseUrl: 'http://127.0.0.1:1/v1' });
    expect((await stored('theirs')).allowPrivate).toBe(false);
    await updateModel(hub.ctx(), { id: 'theirs', patch: { baseUrl: 'http://127.0.0.1:2/v1' } });
    expect((await stored('theirs')).allowPrivate).toBe(true);
    await updateModel(hub.ctx(granted), { id: 'theirs', patch: { baseUrl: 'http://127.0.0.1:3/v1' } });
    expect((await stored('theirs')).allowPrivate).toBe(false);
  });
});

describe('a draft of a model', () => {
  // None of these meets what another one left.
  beforeAll(open);
  afterAll(close);

  it.each([
    ['https://api.anthropic.com', 'anthropic'],
    ['https://api.deepseek.com/anthropic', 'anthropic'],
    ['https://api.deepseek.com', 'openai'],
    ['https://anthropic.example.com', 'openai'],
    ['http://127.0.0.1:11434/v1', 'openai'],
  ])('at %s is spoken to as %s, unless it is set', async (baseUrl, speaks) => {
    const name = new URL(baseUrl).href.replaceAll(/[^a-z0-9]+/g, '-').slice(0, -1);
    const made = await createModel(hub.ctx(), { name, baseUrl });
    expect(made.speaks).toBe(speaks);
    const set = await updateModel(hub.ctx(), { id: name, patch: { protocol: 'anthropic' } });
    expect(set.speaks).toBe('anthropic');
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: ' x' }, 'name'],
    [{ name: 'a//b' }, 'name'],
    [{ name: '../x' }, 'name'],
    [{ name: 'a\nb' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ baseUrl: 'ftp://host' }, 'baseUrl'],
    [{ baseUrl: 'https://user:secret@host/v1' }, 'baseUrl'],
    [{ baseUrl: 'https://host/v1?key=secret' }, 'baseUrl'],
    [{ options: { temperature: 2.1 } }, 'options.temperature'],
    [{ options: { top_logprobs: 21 } }, 'options.top_logprobs'],
    [{ options: { top_p: -0.1 } }, 'options.top_p'],
    [{ apiKey: 'a\r\nb' }, 'apiKey'],
    [{ extraBody: { text: 'x'.repeat(70_000) } }, 'extraBody'],
    [{ headers: { 'bad name': 'x' } }, 'headers.bad name'],
    [{ contextWindow: 0 }, 'contextWindow'],
    [{ priceIn: -1 }, 'priceIn'],
  ])('with %j is refused at %s', async (wrong, field) => {
    const attempt = createModel(hub.ctx(), { ...draft, ...wrong });
    await expect(attempt).rejects.toMatchObject({ code: 'invalid', details: { field } });
  });
});

describe('who', () => {
  withHubOfItsOwn();

  it('may add models: admins, managers and who was granted it', async () => {
    const { id } = await hub.addUser('user', 'granted');
    await updateUser(hub.ctx(), { id, patch: { grants: ['model.create'] } });
    const granted = { ...hub.admin, id, role: 'user', username: 'granted' } as const;
    for (const [actor, name] of [
      [await hub.addUser('manager'), 'one'],
      [granted, 'two'],
    ] as const) {
      expect((await createModel(hub.ctx(actor), { ...draft, name })).createdBy).toBe(actor.id);
    }
    const user = createModel(hub.ctx(await hub.addUser('user')), draft);
    await expect(user).rejects.toMatchObject({ code: 'forbidden', details: { needs: 'model.create' } });
  });

  it('sees a model, and changes it: its owner and admins, then its groups, then everyone', async () => {
    const owner = await hub.addUser('manager', 'owner');
    const member = await hub.addUser('user', 'member');
    const viewer = await hub.addUser('viewer', 'viewer');
    const stranger = await hub.addUser('user', 'stranger');
    const { id: group } = await createGroup(hub.ctx(owner), { name: 'team' });
    for (const { id: userId } of [member, viewer]) await addMember(hub.ctx(owner), { groupId: group, userId });
    await createModel(hub.ctx(owner), draft);
    const all = ['demo', draft.name];
    expect([await names(), await names(owner)]).toEqual([all, all]);
    expect(await names(member)).toEqual(['demo']);
    await expect(getModel(hub.ctx(member), { id: draft.name })).rejects.toMatchObject({ code: 'not_found' });
    await updateModel(hub.ctx(owner), { id: draft.name, patch: { visibility: 'group', groups: [group] } });
    expect([await names(member), await names(viewer), await names(stranger)]).toEqual([all, all, ['demo']]);
    const seen = await getModel(hub.ctx(member), { id: draft.name });
    expect(seen).toMatchObject({ can: { use: true, configure: false }, groups: [], headers: {}, ownerName: null });
    expect((await getModel(hub.ctx(viewer), { id: draft.name })).can).toEqual({ use: false, configure: false });
    for (const attempt of [
      () => updateModel(hub.ctx(member), { id: draft.name, patch: { priceIn: 1 } }),
      () => removeModel(hub.ctx(member), { id: draft.name }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'forbidden', details: { needs: 'model.configure' } });
    const removal = removeModel(hub.ctx(stranger), { id: draft.name });
    await expect(removal).rejects.toMatchObject({ code: 'not_found' });
    await updateModel(hub.ctx(owner), { id: draft.name, patch: { visibility: 'everyone' } });
    expect(await names(stranger)).toEqual(all);
    await removeModel(hub.ctx(owner), { id: draft.name });
    expect(await names(owner)).toEqual(['demo']);
  });

  it('may open a model: to groups that one manages, to everyone with the grant', async () => {
    const { id } = await hub.addUser('user', 'granted');
    await updateUser(hub.ctx(), { id, patch: { grants: ['model.create'] } });
    const granted = { ...hub.admin, id, role: 'user', username: 'granted' } as const;
    const { id: group } = await createGroup(hub.ctx(), { name: 'team' });
    await createModel(hub.ctx(granted), draft);
    function patch(more: object) {
      return updateModel(hub.ctx(granted), { id: draft.name, patch: more });
    }
    await expect(patch({ visibility: 'everyone' })).rejects.toMatchObject({ details: { needs: 'server.publish' } });
    await expect(patch({ groups: [group] })).rejects.toMatchObject({ code: 'invalid', details: { field: 'groups' } });
    await expect(patch({ groups: ['ghost'] })).rejects.toMatchObject({ code: 'invalid', details: { field: 'groups' } });
    await addMember(hub.ctx(), { groupId: group, userId: id });
    await expect(patch({ groups: [group] })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('has the built-in model: everyone, and nobody changes it', async () => {
    const demo = await getModel(hub.ctx(await hub.addUser('user')), { id: 'demo' });
    expect(demo).toMatchObject({ builtIn: true, speaks: 'demo', can: { use: true, configure: false } });
    for (const actor of [hub.admin, { type: 'local' } as const]) {
      const change = updateModel(hub.ctx(actor), { id: 'demo', patch: { priceIn: 1 } });
      await expect(change).rejects.toMatchObject({ code: 'forbidden' });
      await expect(removeModel(hub.ctx(actor), { id: 'demo' })).rejects.toMatchObject({ code: 'forbidden' });
    }
  });
});

describe('a key', () => {
  withHubOfItsOwn();

  async function keyActor(resources: string[]): Promise<Actor> {
    const { id, scopes } = await createKey(hub.ctx(), { name: resources.join(), resources });
    await hub.core.deps.hub.reconcile();
    const { id: userId, username, role } = hub.admin;
    return { type: 'key', id, userId, username, role, scopes, bounds: { ...unbounded, resources } };
  }

  it('that names a model reaches it, and nothing else', async () => {
    await createModel(hub.ctx(), draft);
    await createModel(hub.ctx(), { ...draft, name: 'other' });
    const actor = await keyActor([`model:${draft.name}`]);
    expect(await names(actor)).toEqual([draft.name]);
    await expect(getModel(hub.ctx(actor), { id: 'other' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(createModel(hub.ctx(actor), { ...draft, name: 'x' })).rejects.toMatchObject({ code: 'forbidden' });
    const opened = updateModel(hub.ctx(actor), { id: draft.name, patch: { visibility: 'everyone' } });
    await expect(opened).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('names what is there and seen, by its whole name, and loses it with the name', async () => {
    const { id } = await createModel(hub.ctx(), draft);
    for (const reference of ['model:ghost', `model:${id}`])
      await expect(keyActor([reference])).rejects.toThrow(/does not exist|whole name/);
    await keyActor([`model:${draft.name}`, 'model:demo']);
    await updateModel(hub.ctx(), { id, patch: { name: 'renamed' } });
    const [key] = await listKeys(hub.ctx(), {});
    expect(key?.resources).toEqual(['model:demo']);
    await keyActor(['model:renamed']);
    await removeModel(hub.ctx(), { id });
    const left = (await listKeys(hub.ctx(), {})).map(({ resources }) => resources);
    expect(new Set(left)).toEqual(new Set([[], ['model:demo']]));
  });

  it('sends no stored secret elsewhere', async () => {
    await createModel(hub.ctx(), { ...draft, headers: { 'x-org': 'secret-org' } });
    const actor = await keyActor([`model:${draft.name}`]);
    const baseUrl = 'https://elsewhere.example/v1';
    function patch(more: object) {
      return updateModel(hub.ctx(actor), { id: draft.name, patch: more });
    }
    await patch({ baseUrl: 'https://api.openai.com/v2', apiKey: '***' });
    for (const more of [
      { baseUrl },
      { baseUrl, apiKey: '***' },
      { baseUrl, apiKey: 'sk-new-1234567890' },
      { headers: { host: 'evil', 'x-org': '***' } },
    ]) {
      await expect(patch(more), JSON.stringify(more)).rejects.toMatchObject({ code: 'forbidden' });
    }
    await patch({ baseUrl, apiKey: 'sk-new-1234567890', headers: {} });
    await updateModel(hub.ctx(), { id: draft.name, patch: { baseUrl: 'https://api.openai.com/v1' } });
  });
});
