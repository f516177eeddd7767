import { createTestApp, type TestApp } from '../support/app.ts';
import { serveV1Http } from '../support/mcp/scripted-v1.ts';
import { addPerson, type Caller, callerOf, commonPassword } from '../support/people.ts';
import { until } from '../support/until.ts';

/** One hub with everybody in it who may, may not, or may half of it. */

export const actors = [
  'admin',
  'owner',
  'lead',
  'writer',
  'member',
  'reader',
  'viewer',
  'child',
  'above',
  'pending',
  'manager',
  'stranger',
  'keeper',
  'keyRead',
  'keyBound',
  'keyStack',
  'keyEngine',
  'anonymous',
] as const;
export type ActorName = (typeof actors)[number];

export const serverNames = ['shared', 'hidden', 'open', 'owned'] as const;
export type ServerName = (typeof serverNames)[number];

/** Simulated products. */
export const appNames = ['hidden', 'open', 'owned'] as const;
export type AppName = (typeof appNames)[number];

export interface World {
  app: TestApp;
  callers: Record<ActorName, Caller>;
  /** API key, session, user id, simulator token and OAuth grant of `member`, for who tries to touch them. */
  targets: { userId: string; keyId: string; sessionId: string; tokenId: string; grantId: string };
  /** Ids of simulated products. */
  apps: Record<AppName, string>;
  /** Another product of `owner` or, for everybody else who may remove one, of an admin. */
  freshApp(actor: ActorName): Promise<string>;
  /** Another simulator token of `member`. */
  freshToken(): Promise<string>;
  /** Another server with the same groups, owner and visibility as `shared`. */
  freshServer(): Promise<string>;
  /** Another group that `lead` manages and `member` is in. */
  freshGroup(): Promise<string>;
  freshUser(): Promise<string>;
  /** Another model that is shared as `shared` is. */
  freshModel(): Promise<string>;
  stop(): Promise<void>;
}

/** What a server calls itself: other than the words every scripted server knows. */
export function upstreamName(server: ServerName): string {
  return `${server}-upstream`;
}

/** Secret values that must never come out again. */
export const planted = {
  header: 'planted-header-value-7f3a',
  env: 'planted-env-value-91bc',
  model: 'planted-model-key-40d1',
} as const;

type Ok = (pathname: string, body?: unknown, method?: string) => Promise<void>;

/** Requests as the admin that have to work. */
function sender(app: TestApp): Ok {
  return async (pathname, body, method = 'POST') => {
    const answer = await app.json(pathname, { method, ...(body !== undefined && { body }) });
    if (answer.status >= 300) throw new Error(`${method} ${pathname}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
}

async function makeGroups(send: Ok, people: Record<string, Caller>): Promise<void> {
  const wide = { servers: ['read', 'write', 'execute'], tools: ['read', 'execute'] };
  await send('/api/groups', { name: 'org' });
  await send('/api/groups', { name: 'team', parentGroup: 'org', permissions: wide });
  await send('/api/groups', { name: 'squad', parentGroup: 'team' });
  await send('/api/groups', { name: 'ops', permissions: wide });
  await send('/api/groups', { name: 'readers', permissions: { servers: ['read'], tools: ['read'] } });
  function join(group: string, name: string, role = 'member') {
    return send(`/api/groups/${group}/members`, { userId: people[name]?.id, role });
  }
  await join('team', 'lead', 'manager');
  for (const name of ['member', 'viewer']) await join('team', name);
  await join('ops', 'writer');
  await join('readers', 'reader');
  await join('squad', 'child');
  await join('org', 'above');
  await send('/api/groups/team', { settings: { requireApproval: true } }, 'PUT');
  await join('team', 'pending');
}

/** Puts a server where `shared` is. */
async function share(send: Ok, serverId: string): Promise<void> {
  await send('/api/groups/team/servers', { serverId, permissions: ['read', 'execute'] });
  await send('/api/groups/ops/servers', { serverId, permissions: ['read', 'write', 'execute'] });
  await send('/api/groups/readers/servers', { serverId, permissions: ['read'] });
}

async function makePeople(app: TestApp): Promise<Record<string, Caller>> {
  const roles: Record<string, string> = { viewer: 'viewer', manager: 'manager' };
  const names = [
    'owner',
    'lead',
    'writer',
    'member',
    'reader',
    'viewer',
    'child',
    'above',
    'pending',
    'manager',
    'stranger',
    'keeper',
  ];
  const people: Record<string, Caller> = {};
  const grants: Record<string, string[]> = { keeper: ['container.manage'] };
  for (const name of names) people[name] = await addPerson(app, name, { role: roles[name] ?? 'user' });
  for (const [name, list] of Object.entries(grants)) {
    await app.client().users.update.mutate({ id: name, patch: { grants: list as 'container.manage'[] } });
  }
  return people;
}

/** An engine that is there by name and answers nobody: what is asked of it depends on no machine. */
const noEngine = 'unix:///run/switchboard-no-engine.sock';

/** A key of `keeper` that is confined to something on the engine, which only an engine that answers lets anybody name. */
async function confinedKey(app: TestApp, keeper: Caller, resource: string): Promise<Caller> {
  const { id, key } = await keeper.client().keys.create.mutate({ name: resource });
  await app.connection.run('update api_keys set resources = $1 where id = $2', [[resource], id]);
  await keeper.client().keys.update.mutate({ id, callsPerMinute: null });
  return callerOf(app, key, keeper.id);
}

/** A model for each server, with the same owner and shared as it is; nothing answers there. */
async function makeModels(app: TestApp, admin: Caller, owner: Caller): Promise<void> {
  const shares = { shared: 'group', hidden: 'private', open: 'everyone', owned: 'private' } as const;
  for (const [name, visibility] of Object.entries(shares)) await addModel(admin, name, visibility);
  await app.connection.run('update models set created_by = $1 where name = $2', [owner.id, 'owned']);
}

async function addModel(admin: Caller, name: string, visibility: 'private' | 'group' | 'everyone'): Promise<void> {
  const baseUrl = 'http://127.0.0.1:9';
  const groups = visibility === 'group' ? ['team'] : [];
  await admin.client().models.create.mutate({ name, baseUrl, apiKey: planted.model, visibility, groups });
}

function addApp(as: Caller, name: string, visibility: 'private' | 'everyone' = 'private') {
  const actions = [{ name: 'look', answers: [{ mode: 'static' as const, value: { ok: true } }] }];
  return as.client().apps.create.mutate({ category: 'Things', name, displayName: name, visibility, actions });
}

async function makeApps(admin: Caller, owner: Caller): Promise<World['apps']> {
  const [hidden, open, owned] = [
    await addApp(admin, 'hidden'),
    await addApp(admin, 'open', 'everyone'),
    await addApp(owner, 'owned'),
  ];
  return { hidden: hidden.id, open: open.id, owned: owned.id };
}

/** Makes the hub and everything in it; the servers run. */
export async function createWorld(): Promise<World> {
  const app = await createTestApp({
    ALLOW_PRIVATE_URLS: 'true',
    DOCKER_HOST: noEngine,
    // One key for each right that may be missing.
    MAX_KEYS_PER_PERSON: '300',
  });
  const upstreams = await Promise.all(serverNames.map((name) => serveV1Http(upstreamName(name))));
  function urlOf(name: ServerName) {
    return upstreams[serverNames.indexOf(name)]?.url;
  }
  const send = sender(app);
  const people = await makePeople(app);
  await makeGroups(send, people);
  const headers = { 'x-secret': planted.header };
  function add(as: Caller, name: ServerName, visibility: string) {
    return as.client().servers.create.mutate({
      id: name,
      kind: 'streamable-http',
      url: urlOf(name) ?? '',
      headers,
      visibility: visibility as 'group',
    });
  }
  const admin = callerOf(app, app.token);
  await add(admin, 'shared', 'group');
  await add(admin, 'hidden', 'private');
  await add(admin, 'open', 'everyone');
  await add(people['owner'] ?? admin, 'owned', 'group');
  await share(send, 'shared');
  await makeModels(app, admin, people['owner'] ?? admin);
  const apps = await makeApps(admin, people['owner'] ?? admin);
  function allRun() {
    return serverNames.every((name) => app.runtime.status(name)?.phase === 'running');
  }
  await until(allRun, 'the servers run');
  const member = people['member'] ?? admin;
  const read = await member.client().keys.create.mutate({ name: 'read', scopes: ['read'] });
  const bound = await member.client().keys.create.mutate({ name: 'bound', servers: ['open'] });
  const sessions = await member.client().account.sessions.query();
  const token = await member.client().apps.tokens.create.mutate({ description: 'target' });
  const machine = await member.client().oauth.machines.create.mutate({ name: 'target', endpoint: null });
  let count = 0;
  return {
    app,
    apps,
    callers: {
      ...(people as Record<ActorName, Caller>),
      admin,
      keyRead: callerOf(app, read.key, member.id),
      keyBound: callerOf(app, bound.key, member.id),
      keyStack: await confinedKey(app, people['keeper'] ?? admin, 'stack:local/web'),
      keyEngine: await confinedKey(app, people['keeper'] ?? admin, 'engine:local'),
      anonymous: callerOf(app, ''),
    },
    targets: {
      userId: member.id,
      keyId: read.id,
      sessionId: sessions[0]?.id ?? '',
      tokenId: token.id,
      grantId: machine.id,
    },
    async freshServer() {
      const name = `spare-${(count += 1)}`;
      await admin
        .client()
        .servers.create.mutate({ id: name, kind: 'streamable-http', url: urlOf('shared') ?? '', headers });
      await share(send, name);
      return name;
    },
    async freshGroup() {
      const name = `group-${(count += 1)}`;
      await send('/api/groups', { name });
      await send(`/api/groups/${name}/members`, { userId: people['lead']?.id, role: 'manager' });
      await send(`/api/groups/${name}/members`, { userId: member.id });
      await send(`/api/groups/${name}/servers`, { serverId: 'shared', permissions: ['read'] });
      return name;
    },
    async freshUser() {
      const name = `person-${(count += 1)}`;
      await send('/api/users', { username: name, password: commonPassword });
      return name;
    },
    async freshModel() {
      const name = `model-${(count += 1)}`;
      await addModel(admin, name, 'group');
      return name;
    },
    async freshApp(actor) {
      const as = actor === 'owner' ? people['owner'] : admin;
      return (await addApp(as ?? admin, `product-${(count += 1)}`)).id;
    },
    freshToken: async () => (await member.client().apps.tokens.create.mutate({})).id,
    async stop() {
      await app.stop();
      await Promise.all(upstreams.map((upstream) => upstream.close()));
    },
  };
}
