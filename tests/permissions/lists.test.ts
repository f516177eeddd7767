import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../support/app.ts';
import { callerOf } from '../support/people.ts';
import { circles, groupsSeen, serverRights } from './rights.ts';
import { type ActorName, actors, createWorld, serverNames, type World } from './world.ts';

/** What an actor may not see is in no list, search, export, count, history or stream. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

const signedIn = actors.filter((name) => name !== 'anonymous');
function seenBy(actor: ActorName) {
  return serverNames.filter((name) => serverRights[actor][name].includes('see')).sort();
}
function usedBy(actor: ActorName) {
  return serverNames.filter((name) => serverRights[actor][name].includes('use')).sort();
}
function idsOf(items: Json[]): string[] {
  return items.map(({ id }) => String(id)).sort();
}

describe.each(signedIn)('%s', (actor) => {
  test('lists the servers it sees, everywhere the same', async () => {
    const caller = world.callers[actor];
    const wanted = seenBy(actor);
    expect(idsOf((await caller.client().servers.list.query({})).items)).toEqual(wanted);
    const hub = await caller.json('/api/servers');
    expect(idsOf(hub.body.data.items)).toEqual(wanted);
    expect(hub.body.data.pagination.total).toBe(wanted.length);
    expect(idsOf((await caller.json('/api/mcp/servers')).body.data)).toEqual(wanted);
    expect(idsOf((await caller.json('/api/servers?search=d')).body.data.items)).toEqual(
      wanted.filter((name) => name.includes('d')),
    );
    const exporters: readonly ActorName[] = circles.exporters;
    const asked = caller.client().servers.exportConfig.query({});
    const exported = exporters.includes(actor) ? await asked : await asked.catch(String);
    expect(typeof exported).toBe(exporters.includes(actor) ? 'object' : 'string');
    const hidden = serverNames.filter((name) => !wanted.includes(name));
    for (const name of hidden) expect(JSON.stringify(exported), name).not.toContain(`"${name}"`);
  });

  test('lists the groups it belongs to, everywhere the same', async () => {
    const caller = world.callers[actor];
    expect(idsOf((await caller.client().groups.list.query({})).items)).toEqual([...groupsSeen[actor]].sort());
    expect(idsOf((await caller.json('/api/groups')).body.data.items)).toEqual([...groupsSeen[actor]].sort());
  });

  test('counts nothing that it does not see', async () => {
    const caller = world.callers[actor];
    const { body } = await caller.json('/api/monitoring/status');
    expect(body.data.servers.total).toBe(seenBy(actor).length);
    const { body: statistics } = await caller.json('/api/mcp/statistics');
    expect(statistics.data.servers.total).toBe(seenBy(actor).length);
  });

  test('runs in the playground only what it may use', async () => {
    const caller = world.callers[actor];
    for (const serverId of serverNames) {
      const input = { serverId, method: 'tools/call', name: 'echo', arguments: { text: 'hi' } };
      const path = `/trpc/playground.run?input=${encodeURIComponent(JSON.stringify(input))}`;
      const response = await fetch(`${world.app.url}${path}`, {
        headers: { authorization: `Bearer ${caller.token}`, accept: 'text/event-stream' },
      });
      let text = '';
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += chunk;
        if (/"type":"(result|error)"|"code"/.test(text)) break;
      }
      expect(text.includes('"type":"result"'), `${serverId}: ${text}`).toBe(usedBy(actor).includes(serverId));
    }
  });
});

describe('history', () => {
  test('holds for each only their own calls and changes; admins read all', async () => {
    for (const actor of ['admin', 'member', 'owner'] as const) {
      const server = actor === 'owner' ? 'owned' : 'shared';
      await world.callers[actor].json(`/api/mcp/servers/${server}/tools/echo/call`, { body: { text: 'hi' } });
    }
    async function audit(actor: ActorName): Promise<Json[]> {
      const { body } = await world.callers[actor].json('/api/audit/logs?limit=500');
      return body.data.logs;
    }
    const all = await audit('admin');
    expect(new Set(all.map(({ userId }) => userId)).size).toBeGreaterThan(2);
    for (const actor of ['member', 'owner', 'viewer'] as const) {
      const own = await audit(actor);
      expect(
        own.every(({ userId }) => userId === world.callers[actor].id),
        actor,
      ).toBe(true);
      const lines = await fetch(`${world.app.url}/api/audit/logs?format=jsonl`, {
        headers: { authorization: `Bearer ${world.callers[actor].token}` },
      });
      const users = (await lines.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).userId);
      expect(new Set(users), actor).toEqual(new Set([world.callers[actor].id]));
    }
    const mine = await world.callers.owner.client().calls.list.query({});
    expect(mine.items.map(({ serverId }) => serverId)).toEqual(expect.arrayContaining(['owned']));
    expect(mine.items.map(({ serverId }) => serverId)).not.toContain('shared');
    const { owner, member, admin } = world.callers;
    for (const who of [{ user: 'member' }, { user: member.id }, { user: 'admin' }, { search: 'member' }]) {
      expect((await owner.client().calls.list.query(who)).items, JSON.stringify(who)).toEqual([]);
      expect((await admin.client().calls.list.query({ ...who, limit: 1 })).items.length).toBe(1);
    }
    const ofOwner = (await admin.client().calls.list.query({ user: 'owner' })).items;
    expect(new Set(ofOwner.map(({ userName }) => userName))).toEqual(new Set(['owner']));
    async function names(caller: typeof owner) {
      return (await caller.client().calls.callers.query({ limit: 100 })).people.map(({ name }) => name);
    }
    expect(await names(owner)).toEqual(['owner']);
    expect(await names(admin)).toEqual(expect.arrayContaining(['admin', 'member', 'owner', 'viewer']));
    const theirs = mine.items[0]?.id ?? '';
    const foreign = await world.callers.member.json(
      `/trpc/calls.get?input=${encodeURIComponent(JSON.stringify({ id: theirs }))}`,
    );
    expect(foreign.status).toBe(404);
  });
});

describe('a key that is confined', () => {
  test('sees of calls only its own, and no sessions', async () => {
    const { admin, member, keyBound } = world.callers;
    await admin.json('/api/mcp/servers/open/tools/echo/call', { body: { text: 'by the admin' } });
    await member.json('/api/mcp/servers/shared/tools/echo/call', { body: { text: 'by the member' } });
    const ofMember = (await member.client().calls.list.query({})).items[0]?.id ?? '';
    const made = await member.client().keys.create.mutate({ name: 'one', servers: ['open'] });
    const theAdmins = await adminKey({ servers: ['open'] });
    for (const key of [made.key, theAdmins]) {
      const caller = callerOf(world.app, key, member.id);
      expect((await caller.client().calls.list.query({})).items).toEqual([]);
      await expect(caller.client().calls.get.query({ id: ofMember })).rejects.toThrow(/not/);
      expect((await caller.client().system.overview.query()).recentCalls).toEqual([]);
      await caller.json('/api/mcp/servers/open/tools/echo/call', { body: { text: 'with the key' } });
      expect((await caller.client().calls.list.query({})).items).toMatchObject([{ serverId: 'open', name: 'echo' }]);
      const callers = await caller.client().calls.callers.query();
      expect([callers.people, callers.keys.length]).toEqual([[], 1]);
      expect((await caller.client().calls.list.query({ user: 'owner' })).items).toEqual([]);
      await expect(caller.client().account.sessions.query()).rejects.toThrow(/confined/);
    }
    await expect(keyBound.client().calls.get.query({ id: ofMember })).rejects.toThrow(/not/);
  });

  test('to tools or endpoints manages nothing, whoever owns it', async () => {
    for (const bounds of [{ tools: ['open/echo'] }, { endpoints: ['open'] }]) {
      const client = callerOf(world.app, await adminKey(bounds), '').client();
      expect(await client.servers.get.query({ id: 'open' })).toMatchObject({
        url: null,
        headers: {},
        can: { use: true, logs: false, configure: false, operate: false, remove: false },
      });
      for (const refused of [
        () => client.servers.stop.mutate({ id: 'open' }),
        () => client.servers.update.mutate({ id: 'open', patch: { description: 'changed' } }),
        () => client.servers.remove.mutate({ id: 'open' }),
        () => client.servers.logs.query({ id: 'open' }),
      ]) {
        await expect(refused()).rejects.toThrow(/confined to calls/);
      }
    }
    const atEndpoint = callerOf(world.app, await adminKey({ endpoints: ['team'] }), '').client();
    expect(await atEndpoint.groups.get.query({ id: 'team' })).toMatchObject({ id: 'team' });
    await expect(atEndpoint.groups.remove.mutate({ id: 'team' })).rejects.toThrow(/confined to calls/);
  });
});

function liveEvents(token: string, input: object, signal?: AbortSignal): Promise<Response> {
  return fetch(`${world.app.url}/trpc/live.events?input=${encodeURIComponent(JSON.stringify(input))}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    ...(signal && { signal }),
  });
}

function chunksOf(response: Response): AsyncIterable<string> | string[] {
  return response.body?.pipeThrough(new TextDecoderStream()) ?? [];
}

/** What each of them hears, until `stop`. */
function hearing(who: readonly ActorName[], input: object) {
  const texts = new Map<ActorName, string>();
  const stop = new AbortController();
  const streams = who.map(async (actor) => {
    const response = await liveEvents(world.callers[actor].token, input, stop.signal);
    for await (const chunk of chunksOf(response)) texts.set(actor, (texts.get(actor) ?? '') + chunk);
  });
  const ended = Promise.allSettled(streams);
  return {
    text: (actor: ActorName): string => texts.get(actor) ?? '',
    all: () => expect.poll(() => texts.size).toBe(who.length),
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

async function untilItEnds(response: Response): Promise<string> {
  for await (const _ of response.body ?? []);
  return 'ended';
}

async function adminKey(more: object): Promise<string> {
  return (await world.callers.admin.client().keys.create.mutate({ name: 'confined', ...more })).key;
}

describe('logs', () => {
  const readers = actors.filter((name) => serverRights[name].shared.includes('manage'));
  const others = ['member', 'reader', 'viewer', 'lead', 'keyRead', 'keyBound'] as const;

  test('are live only for who may read them', async () => {
    const heard = hearing([...readers, ...others], { logs: serverNames, calls: false });
    await heard.all();
    await world.callers.admin.client().servers.restart.mutate({ id: 'shared' });
    for (const actor of readers) {
      await expect.poll(() => heard.text(actor), { message: actor }).toContain('"type":"log"');
    }
    for (const actor of ['member', 'reader', 'viewer', 'lead', 'keyRead'] as const) {
      await expect.poll(() => heard.text(actor), { message: actor }).toContain('"server.status"');
    }
    await heard.stop();
    for (const actor of others) expect(heard.text(actor), actor).not.toContain('"type":"log"');
  });

  test('stop where the right to read them is taken though the server stays in sight', async () => {
    const id = await world.freshServer();
    const { writer, admin } = world.callers;
    const response = await fetch(`${world.app.url}/api/servers/${id}/logs?follow=true`, {
      headers: { authorization: `Bearer ${writer.token}` },
    });
    expect(response.status).toBe(200);
    const read = untilItEnds(response);
    const { status } = await admin.json(`/api/groups/ops/servers/${id}`, {
      method: 'PUT',
      body: { permissions: ['read', 'execute'] },
    });
    expect(status).toBe(200);
    expect(await read).toBe('ended');
    expect((await writer.json(`/api/servers/${id}/logs`)).status).toBe(403);
    expect((await writer.json(`/api/servers/${id}`)).status).toBe(200);
  });
});

describe('live events', () => {
  test('tell only of servers that are seen', async () => {
    const heard = hearing(['admin', 'stranger', 'member'], { logs: serverNames, calls: true });
    await heard.all();
    for (const id of serverNames)
      await world.callers.admin.client().servers.update.mutate({ id, patch: { description: 'new' } });
    await expect.poll(() => heard.text('admin')).toContain('"owned"');
    await expect.poll(() => heard.text('stranger')).toContain('"open"');
    await heard.stop();
    for (const name of ['shared', 'hidden', 'owned']) expect(heard.text('stranger')).not.toContain(`"${name}"`);
    for (const name of ['hidden', 'owned']) expect(heard.text('member')).not.toContain(`"${name}"`);
  });

  test('end when the key they were opened with expires', async () => {
    const expiresAt = new Date(Date.now() + 1_500);
    const { key } = await world.callers.member.client().keys.create.mutate({ name: 'brief', expiresAt });
    const response = await liveEvents(key, {});
    expect(response.status).toBe(200);
    await untilItEnds(response);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime());
    expect((await callerOf(world.app, key, '').json('/api/servers')).status).toBe(401);
  });

  test('say to who may not have them that it is not allowed, not that the hub failed', async () => {
    const { key } = await world.callers.member.client().keys.create.mutate({ name: 'runs', scopes: ['execute'] });
    const response = await liveEvents(key, {});
    let text = '';
    for await (const chunk of chunksOf(response)) {
      text += chunk;
      if (text.includes('httpStatus')) break;
    }
    expect(text).toContain('"code":"FORBIDDEN"');
    const called = await callerOf(world.app, key, '').json('/api/mcp/servers/shared/tools/echo/call', {
      body: { text: 'hi' },
    });
    expect(called.status).toBe(200);
  });

  test('end with the session', async () => {
    const { body } = await world.app.json('/api/auth/login', {
      body: { username: 'member', password: 'securepassword' },
      auth: false,
    });
    const headers = { authorization: `Bearer ${body.data.token}` };
    const response = await liveEvents(body.data.token, {});
    const read = untilItEnds(response);
    await world.app.json('/api/auth/logout', { method: 'POST', auth: false, headers });
    expect(await read).toBe('ended');
  });
});
