import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialects, listRoutes, needsOf, type Route } from '@switchboard/api/dialects';
import { type Action, actions, holdersOf } from '@switchboard/core/access';
import type { Json } from '../support/app.ts';
import { callerOf } from '../support/people.ts';
import { restRows } from './rows/index.ts';
import type { Row, Said } from './rows/row.ts';
import { createWorld, type World } from './world.ts';

/** The rights that the document says a route needs are those that the hub asks for: no fewer, and no others. */

let world: World;
let document: Json;
const keys = new Map<string, string>();

beforeAll(async () => {
  world = await createWorld();
  document = (await world.app.json('/openapi.json', { auth: false })).body;
});
afterAll(() => world.stop());

function kindOf(action: string): string {
  return action.split('.')[0] ?? '';
}

/** Every right but one, in as few scopes as a key may have. */
function allBut(lacking: Action): string[] {
  return [
    ...new Set(actions.filter((action) => kindOf(action) !== kindOf(lacking)).map((action) => `${kindOf(action)}.*`)),
    ...actions.filter((action) => kindOf(action) === kindOf(lacking) && action !== lacking),
  ];
}

/** An admin's key with these scopes and no others. */
async function keyWith(scopes: readonly string[]): Promise<string> {
  const name = [...scopes].sort().join(' ');
  const known = keys.get(name);
  if (known !== undefined) return known;
  const created = await world.callers.admin.client().keys.create.mutate({ name: 'needs', scopes: [...scopes] });
  keys.set(name, created.key);
  return created.key;
}

async function call({ method, path }: Route, { input, params = {}, query = '' }: Said, key: string) {
  const concrete = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? 'none'));
  const caller = callerOf(world.app, key);
  return caller.json(`${concrete}${query}`, { method, ...(input !== undefined && { body: input }) });
}

/** Where the families say which right is missing. */
function missingRight(body: Json): string | null {
  const named = body?.error?.details?.needs;
  const text: unknown = body?.detail ?? body?.error?.message ?? body?.error;
  return named ?? (typeof text === 'string' ? (/Needs the right (\S+)\.$/.exec(text)?.[1] ?? null) : null);
}

const guarded = listRoutes(dialects).filter(({ route }) => route.auth !== false);

const bodies: Record<string, Json> = {
  'agents.conversations.status': { status: 'active' },
  'agents.conversations.title': { title: 'Needs' },
  'agents.conversations.tags': { tags: [] },
  'agents.conversations.compact': { model_name: 'demo' },
};

/** A conversation of the admin, whose keys these are. */
async function sayIn(name: string): Promise<Said> {
  const { id } = await world.callers.admin.client().conversations.import.mutate({
    format: 'switchboard-conversation',
    version: 1,
    rounds: [{ content: 'Hi', answers: [] }],
  });
  return { params: { conversation_id: id }, ...(bodies[name] && { input: bodies[name] }) };
}

let graphs = 0;

/** A graph of the admin, whose keys these are. */
async function sayOfGraph(name: string): Promise<Said> {
  graphs += 1;
  const config = { name: `needs${graphs}`, nodes: [{ name: 'a', model_name: 'demo' }] };
  if (name === 'agents.graphs.save') return { input: config };
  if (name === 'agents.graphs.generate') return { input: { requirement: 'Hi', model_name: 'demo', stream: false } };
  await world.callers.admin.client().graphs.save.mutate({ config });
  if (name === 'agents.graphs.execute')
    return { input: { graph_name: config.name, input_text: 'Hi', background: true } };
  const names = { graph_name: config.name, old_name: config.name, new_name: `${config.name}_new` };
  return { params: names };
}

/** What a request to the route says about an object of this kind that is there. */
async function sayTo(name: string): Promise<Said> {
  const row = restRows[name];
  if (name === 'agents.chat.complete') return { input: { user_prompt: 'Hi', model_name: 'demo', stream: false } };
  if (name.startsWith('agents.conversations.')) return sayIn(name);
  if (name.startsWith('agents.graphs.')) return sayOfGraph(name);
  if (name === 'agents.mcp.generate') return { input: { requirement: 'Hi', model_name: 'demo', stream: false } };
  if (name === 'agents.mcp.remove') return { input: [await world.freshServer()] };
  // A reserved name: nothing is removed.
  if (name === 'agents.mcp.replace') return { input: { mcpServers: { config: { url: 'https://example.com/mcp' } } } };
  if (name === 'agents.mcp.connect') return { params: { server_name: 'shared' } };
  if (name === 'hub.groupServers.add')
    return { params: { groupId: await world.freshGroup() }, input: { serverId: 'open', permissions: ['read'] } };
  if (!row || !('say' in row) || !row.say) return {};
  return row.say({ id: await idFor(row), world });
}

async function idFor(row: Row): Promise<string> {
  const isFresh = 'fresh' in row;
  if ('server' in row) return isFresh ? world.freshServer() : 'shared';
  if ('model' in row) return isFresh ? world.freshModel() : 'shared';
  if ('app' in row) return isFresh ? world.freshApp('admin') : world.apps.open;
  if ('group' in row) return isFresh ? world.freshGroup() : 'team';
  if (!('of' in row)) return '';
  if (isFresh && row.of === 'token') return world.freshToken();
  return isFresh && row.of === 'user' ? world.freshUser() : world.targets[`${row.of}Id`];
}

describe.each(guarded)('$route.method $route.path', ({ name, route }) => {
  const needs = needsOf(route);
  const forKeys = needs.every((action) => holdersOf(action).keys);

  test('is documented with the rights that it needs', () => {
    const operation = document.paths[route.path][route.method.toLowerCase()];
    for (const action of needs) expect(operation.description).toContain(`\`${action}\``);
    expect(operation.security[0]).toEqual({ bearer: needs });
    expect('apiKey' in Object.assign({}, ...operation.security)).toBe(forKeys);
  });

  test('refuses whoever lacks one of them, and names it', async () => {
    for (const lacking of needs) {
      const key = await keyWith(allBut(lacking));
      const answer = await call(route, await sayTo(name), key);
      expect([answer.status, missingRight(answer.body)], JSON.stringify(answer.body)).toEqual([403, lacking]);
    }
  });

  // Here the settings refuse it to everybody: compat/agents/shutdown.test.ts.
  if (!forKeys || name === 'agents.system.shutDown') return;
  test('asks for no right that is not documented', async () => {
    const also = Object.keys(route.alsoNeeds ?? {}) as Action[];
    // What a caller does not see is absent to it: acting on something takes the right to see it too.
    const toSee = needs.map((action) => `${kindOf(action)}.read`);
    const known = new Set([...needs, ...also, ...actions.filter((action) => toSee.includes(action))]);
    const answer = await call(route, await sayTo(name), await keyWith([...known]));
    expect(missingRight(answer.body), JSON.stringify(answer.body)).toBeNull();
    expect(answer.status, JSON.stringify(answer.body)).not.toBe(403);
  });
});

/** Requests for which a route asks for more, by route and right; what needs an engine is in containers.test.ts. */
const moreFor: Record<string, Said> = {
  'agents.mcp.add server.run-process': { input: { mcpServers: { program: { command: 'node' } } } },
  'agents.mcp.replace server.run-process': { input: { mcpServers: { program: { command: 'node' } } } },
  'agents.mcp.replace server.create': { input: { mcpServers: { fresh: { url: 'https://example.com/mcp' } } } },
  'agents.chat.complete conversation.write': {
    input: { user_prompt: 'Hi', model_name: 'demo', conversation_id: 'needs', stream: false },
  },
  'agents.graphs.generate model.use': { input: { requirement: 'Hi', model_name: 'demo', stream: false } },
  'agents.mcp.generate model.use': { input: { requirement: 'Hi', model_name: 'demo', stream: false } },
  'agents.mcp.generate conversation.read': {
    input: { requirement: '<end>END</end>', model_name: 'demo', conversation_id: 'x', stream: false },
  },
  'agents.graphs.generate conversation.read': {
    input: { requirement: '<end>END</end>', model_name: 'demo', conversation_id: 'x', stream: false },
  },
  // Of a conversation that is made for it.
  'agents.conversations.compact model.use': {},
  'hub.servers.list group.read': { query: '?group=team' },
  'hub.servers.create server.run-process': { input: { name: 'Program', command: 'node' } },
  'hub.servers.get secret.reveal': { params: { serverId: 'shared' }, query: '?reveal=true' },
  'hub.servers.update server.operate': { params: { serverId: 'shared' }, input: { enabled: false } },
  'hub.servers.update server.run-process': {
    params: { serverId: 'shared' },
    input: { type: 'stdio', command: 'node' },
  },
  'hub.users.create user.empower': { input: { username: 'chief', password: 'securepassword', role: 'manager' } },
  'hub.users.update user.manage': { params: { userId: 'member' }, input: { username: 'limb' } },
  'hub.users.update user.empower': { params: { userId: 'member' }, input: { role: 'manager' } },
  'hub.groups.update group.widen': {
    params: { groupId: 'readers' },
    input: { permissions: { servers: ['read', 'write', 'execute'] } },
  },
  'hub.members.add group.update-member': {
    params: { groupId: 'readers' },
    input: { userId: 'stranger', role: 'manager' },
  },
  'hub.groupServers.add server.share': {
    params: { groupId: 'readers' },
    input: { serverId: 'open', permissions: ['read'] },
  },
  'hub.groupServers.change server.share': {
    params: { groupId: 'readers', serverId: 'shared' },
    input: { permissions: ['read', 'execute'] },
  },
  'hub.users.create group.add-member': {
    input: { username: 'joiner', password: 'securepassword', groups: ['readers'] },
  },
  'hub.users.update group.add-member': { params: { userId: 'stranger' }, input: { groups: ['readers'] } },
  'hub.users.update group.remove-member': { params: { userId: 'writer' }, input: { groups: [] } },
  'hub.audit.logs audit.export': { query: '?format=csv' },
  'hub.monitoring.logs log.read': { query: '?source=hub' },
  'hub.monitoring.logs server.logs': { query: '?source=server' },
  'hub.monitoring.logs audit.read': { query: '?source=audit' },
  'hub.monitoring.logs call.read': { query: '?source=calls' },
  'hub.monitoring.metrics metrics.read': { query: '?metrics=cpu' },
  'simulator.apps.create server.publish': {
    input: { category: 'Things', name: 'shown', display_name: 'Shown', visibility: 'everyone' },
  },
  'simulator.llm.test model.configure': { input: {} },
  'registry.servers.register server.run-process': { input: { id: 'program', type: 'stdio', command: 'node' } },
};

/** Tested elsewhere: what needs an engine, what hides tools instead of refusing, and what no key may anyway. */
const elsewhere = new Set([
  'containers.containers.create image.read',
  'containers.containers.create container.unconfined',
  'containers.compose.up container.unconfined',
  'containers.compose.down container.unconfined',
  'hub.keys.create metrics.read',
  'hub.users.update account.update',
  'hub.users.update account.password',
  // Of an app of one's own, as when it is made; and of a model that is there: compat/simulator.
  'simulator.apps.update server.publish',
  'simulator.apps.patch server.publish',
  'simulator.apps.generate model.use',
  'simulator.llm.save model.configure',
  'simulator.llm.save model.create',
  'simulator.llm.save server.publish',
  'simulator.llm.test model.create',
  // Of a graph that is there: permissions/graphs.test.ts.
  'agents.graphs.save graph.configure',
  'agents.graphs.changeTemplate graph.read',
  'agents.graphs.generate graph.configure',
  'agents.mcp.generate server.configure',
  'agents.mcp.replace server.configure',
  'agents.mcp.replace server.operate',
  'agents.mcp.replace server.remove',
  'agents.mcp.replace server.inspect',
  'agents.mcp.status server.inspect',
  'agents.mcp.tools server.inspect',
  'agents.mcp.connect server.inspect',
  'registry.servers.list server.inspect',
  'registry.servers.get server.inspect',
  'registry.servers.tools server.inspect',
  'registry.servers.register container.manage',
]);

test('every right that some requests need has a request, or is tested elsewhere', () => {
  const declared = guarded.flatMap(({ name, route }) =>
    Object.keys(route.alsoNeeds ?? {}).map((right) => `${name} ${right}`),
  );
  expect(declared.filter((each) => !(each in moreFor) && !elsewhere.has(each))).toEqual([]);
});

test.each(Object.entries(moreFor))('%s is refused, and named', async (named, said) => {
  const lacking = named.split(' ').at(-1) as Action;
  const listed = guarded.find(({ name }) => name === named.split(' ')[0]);
  expect(Object.keys(listed?.route.alsoNeeds ?? {})).toContain(lacking);
  const where = named.startsWith('agents.conversations.') ? await sayIn(listed?.name ?? '') : {};
  const answer = await call(listed?.route as Route, { ...where, ...said }, await keyWith(allBut(lacking)));
  expect([answer.status, missingRight(answer.body)], JSON.stringify(answer.body)).toEqual([403, lacking]);
});

describe('a refusal of the containers API', () => {
  test('names the grant that is missing, and where an account gets it', async () => {
    for (const path of ['/api/containers/', '/api/containers/ghost', '/api/containers/ghost/logs']) {
      const { status, body } = await world.callers.stranger.json(path);
      expect(status).toBe(403);
      expect(body.detail).toContain("the grant 'container.manage'");
      expect(body.detail).toContain('PUT /api/users/{userId}');
    }
  });
});
