import { eq, getTableName, isTable } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tables } from '@switchboard/db';
import { createAlertRule } from '../alerts/verbs.ts';
import { updatePrompt } from '../apps/prompts.ts';
import { createApp } from '../apps/verbs.ts';
import { noCallbacks, type Callbacks } from '../callbacks.ts';
import { changeConfiguration } from '../configuration/verbs.ts';
import { saveGraph, shareGraph } from '../graphs/verbs.ts';
import { addMember } from '../groups/members.ts';
import { addServerToGroup } from '../groups/servers.ts';
import { createGroup } from '../groups/verbs.ts';
import { createKey } from '../keys/verbs.ts';
import { setBudget } from '../models/budgets.ts';
import { createModel } from '../models/verbs.ts';
import { revealSecret } from '../servers/logs.ts';
import { createServer, removeServer } from '../servers/verbs.ts';
import { makeDraft, makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { updateUser } from '../users/update.ts';
import { createWebhook } from '../webhooks/verbs.ts';
import { sectionNames } from './schema.ts';
import { fileSections, leftOut } from './sections.ts';
import { applyFile, exportFile, planFile } from './verbs.ts';

/** Posts to nobody. */
const callbacks: Callbacks = { ...noCallbacks, refuse: () => null };

/** A hub with something of everything that a file tells. */
async function fill(hub: TestCore): Promise<void> {
  const ctx = hub.ctx();
  const smtp = { host: 'mail.example', auth: { user: 'hub', pass: 'planted-smtp' } };
  const notifications = { webhook: 'https://hooks.example/planted-path/abcdefgh', webhookSecret: 'planted-signature' };
  await changeConfiguration(ctx, { smtp, notifications, appearance: { name: 'Harbour' } });
  const ann = await hub.addUser('user', 'ann');
  await hub.addUser('viewer', 'bob');
  await updateUser(ctx, {
    id: ann.id,
    patch: { email: 'ann@example.com', grants: ['model.create', 'container.manage'] },
  });
  await createGroup(ctx, { name: 'all-of-us' });
  await createGroup(ctx, { name: 'team', displayName: '团队', parentGroup: 'all-of-us', settings: { maxMembers: 9 } });
  await addMember(ctx, { groupId: 'team', userId: ann.id, role: 'manager' });
  await addMember(ctx, { groupId: 'team', userId: 'bob' });
  const extraBody = { metadata: { api_key: 'planted-extra' }, top_k: 3 };
  const headers = { 'x-key': 'planted-header' };
  const model = { name: 'big', baseUrl: 'https://models.example/v1', apiKey: 'planted-model', headers, extraBody };
  await createModel(ctx, { ...model, visibility: 'group', groups: ['team'] });
  const shop = await createApp(ctx, {
    category: 'Shop',
    name: 'Orders',
    displayName: 'Orders',
    visibility: 'everyone',
  });
  const env = { LEVEL: 'debug', API_TOKEN: 'planted-env' };
  const args = ['-y', 'files', '--token=planted-argument'];
  await createServer(
    ctx,
    makeDraft({ id: 'files', name: 'Files', env, args, tags: ['one', 'two'], docsUrl: 'https://docs.example' }),
  );
  await createServer(
    hub.ctx(ann),
    makeRemoteDraft({ id: 'remote', headers: { authorization: 'Bearer planted-bearer' } }),
  );
  await createServer(ctx, makeRemoteDraft({ id: 'asked', url: 'https://asked.example/mcp?key=planted-query' }));
  await createServer(ctx, { id: 'orders', kind: 'app', app: shop.id });
  await hub.testDb.db
    .insert(tables.serverItems)
    .values({ serverId: 'files', type: 'tool', name: 'rm', enabled: false });
  const node = { name: 'a', model_name: 'demo', mcp_servers: ['files'], user_prompt: 'x' };
  await saveGraph(ctx, { config: { name: 'inner', nodes: [node] } });
  const outer = { name: 'around', nodes: [{ name: 'b', is_subgraph: true, subgraph_name: 'inner' }] };
  const { id: graph } = await saveGraph(ctx, { config: outer });
  await shareGraph(ctx, { id: graph, visibility: 'group', groups: ['team'] });
  await createServer(ctx, { id: 'around', kind: 'graph', graph });
  await addServerToGroup(ctx, { groupId: 'team', serverId: 'files', alias: 'f' });
  await addServerToGroup(ctx, { groupId: 'team', serverId: 'around', permissions: ['read'] });
  const rule = { kind: 'slow-calls', serverId: 'files', threshold: 5, windowMinutes: 5, forMinutes: 1 } as const;
  await createAlertRule(ctx, { ...rule, name: 'Slow', quiet: null });
  const hook = { url: 'https://hooks.example/receive', events: ['server.*' as const], secret: 'planted-webhook' };
  await createWebhook(ctx, { ...hook, name: 'plain' });
  await createWebhook(ctx, { ...hook, name: 'telling', url: 'https://hooks.example/T0/planted-url' });
  await setBudget(ctx, { userId: ann.id, period: 'day', measure: 'tokens', most: 1_000 });
}

describe('the file of a whole hub', () => {
  let hub: TestCore;
  let other: TestCore;
  let text: string;
  beforeAll(async () => {
    hub = await makeTestCore({}, undefined, undefined, undefined, callbacks);
    other = await makeTestCore({}, undefined, undefined, undefined, callbacks);
    // What comes with every hub.
    const prompt = { name: 'answer', displayName: 'Answer', template: 'Answer as {app} does.' };
    for (const one of [hub, other]) await one.testDb.db.insert(tables.appPrompts).values(prompt);
    await updatePrompt(hub.ctx(), { id: 'answer', patch: { template: 'Answer shortly.' } });
    await fill(hub);
    ({ text } = await exportFile(hub.ctx(), {}));
  });
  afterAll(async () => {
    await hub?.close();
    await other?.close();
  });

  it('has a section, or a reason, for every table', () => {
    const known = Object.values(fileSections).flatMap((section) => section.tables);
    const all = Object.values(tables).flatMap((table) => (isTable(table) ? [getTableName(table)] : []));
    expect(all.length).toBeGreaterThan(40);
    expect([...known, ...Object.keys(leftOut)].toSorted()).toEqual(all.toSorted());
  });

  it('is told the same each time, has something of every section, and no secret', async () => {
    expect((await exportFile(hub.ctx(), {})).text).toBe(text);
    for (const name of sectionNames) expect(text).toMatch(new RegExp(`^${name}:$`, 'm'));
    expect(text).not.toContain('planted');
    expect(text).not.toMatch(/password: [^*]*$/m);
    expect(text).toContain('LEVEL: debug');
    expect(text).toContain('--token=***');
    expect(text).toContain('owner: ann');
  });

  it('means the same to readers of YAML 1.1, which take a bare on for true', () => {
    expect(text).toContain('desired: "on"');
    expect(parse(text, { version: '1.1' })).toEqual(parse(text));
  });

  it('changes nothing at the hub that it is of', async () => {
    const plan = await planFile(hub.ctx(), { text });
    expect(plan.counts).toMatchObject({ create: 0, update: 0, refused: 0, waits: 0 });
    expect(plan.missing).toEqual([]);
  });

  it('makes an empty hub the same, except for the secrets that the plan names', async () => {
    const ctx = other.ctx();
    const before = (await exportFile(ctx, {})).text;
    const plan = await planFile(ctx, { text });
    expect(plan.entries.filter(({ action }) => action === 'refused')).toEqual([]);
    expect(
      plan.entries.filter(({ action }) => action === 'waits').map(({ section, name }) => `${section}.${name}`),
    ).toEqual(['webhooks.telling']);
    expect(plan.missing.toSorted()).toEqual(
      [
        'models.big.apiKey',
        'models.big.extraBody.metadata.api_key',
        'models.big.headers.x-key',
        'people.ann.password',
        'people.bob.password',
        'servers.asked.url',
        'servers.files.args',
        'servers.files.env.API_TOKEN',
        'servers.remote.headers.authorization',
        'settings.notifications.webhook',
        'settings.notifications.webhookSecret',
        'settings.smtp.auth.pass',
        'webhooks.plain.secret',
        'webhooks.telling.secret',
        'webhooks.telling.url',
      ].toSorted(),
    );
    // Looking changed nothing.
    expect((await exportFile(ctx, {})).text).toBe(before);
  });

  it('is refused where something changed since the plan, and leaves nothing where something of it cannot be', async () => {
    const ctx = other.ctx();
    const { hash } = await planFile(ctx, { text });
    await createServer(ctx, makeRemoteDraft({ id: 'between' }));
    const before = (await exportFile(ctx, {})).text;
    await expect(applyFile(ctx, { text, hash })).rejects.toMatchObject({
      code: 'conflict',
      details: { field: 'hash' },
    });
    const wrong = text.replaceAll('owner: ann', 'owner: nobody-here');
    const plan = await planFile(ctx, { text: wrong });
    expect(plan.entries.filter(({ action }) => action === 'refused')).toMatchObject([
      { section: 'servers', name: 'remote', reason: "owner: there is no user called 'nobody-here'" },
    ]);
    await expect(applyFile(ctx, { text: wrong })).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringContaining("servers.remote: owner: there is no user called 'nobody-here'"),
    });
    expect((await exportFile(ctx, {})).text).toBe(before);
    await removeServer(ctx, { id: 'between' });
  });

  it('leaves nothing where the database goes in the middle of it', async () => {
    const before = (await exportFile(other.ctx(), {})).text;
    const ctx = other.ctx();
    let inserts = 0;
    const failing = {
      ...ctx,
      secrets: {
        ...ctx.secrets,
        seal(...given: Parameters<typeof ctx.secrets.seal>) {
          inserts += 1;
          if (inserts === 3) throw new Error('the machine stops');
          return ctx.secrets.seal(...given);
        },
      },
    };
    const open = text
      .replace("authorization: '***'", 'authorization: given')
      .replace('authorization: "***"', 'authorization: given');
    await expect(applyFile(failing, { text: open.replaceAll('LEVEL: debug', 'LEVEL: info') })).rejects.toThrow(
      'the machine stops',
    );
    expect((await exportFile(other.ctx(), {})).text).toBe(before);
  });

  it('makes an empty hub the same when it is applied, and then changes nothing', async () => {
    const ctx = other.ctx();
    const { hash, missing, entries } = await planFile(ctx, { text });
    const heard: string[] = [];
    const stop = other.core.deps.events.subscribe((event) => void heard.push(event.type));
    expect((await applyFile(ctx, { text, hash })).counts).toMatchObject({ refused: 0, waits: 1 });
    stop();
    expect(heard).toEqual(expect.arrayContaining(['server.created', 'group.changed', 'user.changed', 'graph.changed']));
    // What is in memory follows: the group's servers are told to those who are in it.
    expect(other.core.deps.access.directory.group('team')).toMatchObject({ parentId: 'all-of-us' });
    const wanted: unknown = parse(text);
    const waiting = entries.flatMap(({ section, name, action }) => (action === 'waits' ? [[section, name]] : []));
    const literal = ['servers.asked.url', 'servers.files.args'];
    const stays = [...literal, 'people.ann.password', 'people.bob.password', 'webhooks.plain.secret'];
    const dropped = missing.filter((place) => !stays.includes(place) && !place.startsWith('webhooks.telling'));
    for (const place of dropped) drop(wanted, place.split('.'));
    for (const place of waiting) drop(wanted, place);
    const made = (await exportFile(ctx, {})).text;
    expect(tidy(parse(made))).toEqual(tidy(wanted));
    const again = await planFile(ctx, { text });
    expect(again.counts).toMatchObject({ create: 0, update: 0, refused: 0, waits: 1 });
    const own = await planFile(ctx, { text: made });
    expect([own.counts.update, own.missing]).toEqual([0, []]);
    await applyFile(ctx, { text: made });
    expect((await exportFile(ctx, {})).text).toBe(made);
  });

  it('keeps what is stored where it is changed, and no secret in what it tells', async () => {
    const ctx = hub.ctx();
    const edited = text
      .replace('LEVEL: debug', 'LEVEL: info')
      .replace('top_k: 3', 'top_k: 4')
      .replace('displayName: 团队', 'displayName: Team');
    const plan = await planFile(ctx, { text: edited });
    const updates = plan.entries.filter(({ action }) => action === 'update');
    expect(updates.map(({ section, name, changes }) => [section, name, changes])).toEqual([
      ['groups', 'team', [{ field: 'displayName', before: '团队', after: 'Team' }]],
      ['models', 'big', [{ field: 'extraBody.top_k', before: '3', after: '4' }]],
      ['servers', 'files', [{ field: 'env.LEVEL', before: 'debug', after: 'info' }]],
    ]);
    expect(plan.missing).toEqual([]);
    await applyFile(ctx, { text: edited, hash: plan.hash });
    expect(await revealSecret(ctx, { id: 'files', field: 'env', name: 'API_TOKEN' })).toEqual({ value: 'planted-env' });
    const [model] = await hub.testDb.db.select().from(tables.models);
    expect(model?.extraBody).toEqual({ metadata: { api_key: 'planted-extra' }, top_k: 4 });
    const [server] = await hub.testDb.db.select().from(tables.servers).where(eq(tables.servers.id, 'files'));
    expect(server?.args).toContain('--token=planted-argument');
    const given = await applyFile(ctx, { text: edited.replace('API_TOKEN: "***"', 'API_TOKEN: planted-new') });
    expect(given.entries.filter(({ action }) => action === 'update')).toMatchObject([
      { name: 'files', changes: [{ field: 'env.API_TOKEN', before: '***', after: '***' }] },
    ]);
    const told = [plan, given, await hub.testDb.db.select().from(tables.audit), await exportFile(ctx, {})];
    expect(JSON.stringify(told)).not.toContain('planted');
    const kept = JSON.stringify(await hub.testDb.db.select().from(tables.versions));
    for (const secret of ['planted-env', 'planted-new', 'planted-bearer', 'planted-smtp'])
      expect(kept).not.toContain(secret);
  });

  it('is for admins alone, and asks for the rights of each part', async () => {
    const manager = hub.ctx(await hub.addUser('manager'));
    const refused = { code: 'forbidden' };
    await expect(exportFile(manager, {})).rejects.toMatchObject(refused);
    await expect(planFile(manager, { text })).rejects.toMatchObject(refused);
    await expect(applyFile(manager, { text })).rejects.toMatchObject(refused);
    // A key is no person: it may neither make people nor give things to them.
    const { key } = await createKey(hub.ctx(), { name: 'ci' });
    const program = hub.ctx((await hub.core.authenticate({ apiKey: key })).actor);
    expect((await exportFile(program, {})).text).toBe((await exportFile(hub.ctx(), {})).text);
    const more =
      "version: 1\npeople: {eve: {role: admin}}\nmodels: {mine: {baseUrl: 'https://m.example/v1', owner: ann}}";
    const { entries } = await planFile(program, { text: more });
    expect(entries.map(({ action }) => action)).toEqual(['refused', 'refused']);
    const narrow = await createKey(hub.ctx(), { name: 'settings', scopes: ['config:read'] });
    const reader = hub.ctx((await hub.core.authenticate({ apiKey: narrow.key })).actor);
    await expect(exportFile(reader, {})).rejects.toMatchObject(refused);
  });
});

describe('a hostile file', () => {
  let hub: TestCore;
  beforeAll(async () => {
    hub = await makeTestCore({}, undefined, undefined, undefined, callbacks);
  });
  afterAll(() => hub?.close());

  const laughs = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (let at = 1; at < 12; at += 1) {
    const [now, before] = [String.fromCharCode(97 + at), String.fromCharCode(96 + at)];
    laughs.push(`${now}: &${now} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`);
  }
  const server = 'kind: streamable-http, url: https://example.com/mcp';
  it.each([
    ['is too long', `version: 1\n# ${'x'.repeat(1_100_000)}`, /text|bytes|characters|KB/],
    ['laughs a billion times', laughs.join('\n'), /values/],
    ['is nested without an end', `version: 1\nservers: ${'['.repeat(10_000)}`, /levels/],
    ['has no version', 'servers: {}', /^version: must be 1/],
    ['has a section that nobody knows', 'version: 1\nsecrets: {}', /^secrets: is no section/],
    [
      'has a field that nobody knows',
      `version: 1\nservers: {a: {${server}, color: red}}`,
      /^servers\.a: does not know color/,
    ],
    [
      'has a value of another kind',
      `version: 1\nservers: {a: {${server}, env: {TOKEN: 1}}}`,
      /^servers\.a\.env\.TOKEN: /,
    ],
    [
      'has an entry twice',
      `version: 1\nservers:\n  a: {${server}}\n  a: {${server}}`,
      /^servers\.a: stands there twice/,
    ],
    ['has no entries', 'version: 1\nservers: [a]', /^servers: must be an object/],
    ['is no YAML', 'version: 1\nservers: {a', /YAML/],
    ['is a list', '- version', /must be an object/],
  ])('%s: it is refused and says where', async (_what, text, message) => {
    await expect(planFile(hub.ctx(), { text })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(message),
    });
  });

  it('says of each entry what of it cannot be, and does nothing', async () => {
    const ctx = hub.ctx();
    await createGroup(ctx, { name: 'taken' });
    const text = `version: 1
groups:
  one: {name: one, parent: two}
  two: {name: two, parent: one}
  full: {name: full, members: {nobody: {role: member}}}
  lost: {name: lost, servers: {ghost: {permissions: [read]}}}
servers:
  taken: {${server}}
  UPPER__bad: {${server}}
  owned: {${server}, owner: nobody}
  shown: {kind: app, app: Ghost/App}
graphs:
  round: {config: {nodes: [{name: a, is_subgraph: true, subgraph_name: back}]}}
  back: {config: {nodes: [{name: a, is_subgraph: true, subgraph_name: round}]}}
people:
  "b o b": {role: user}
settings:
  smtp: {port: 99999}
  nothing: {a: 1}
alerts:
  odd: {name: odd, kind: slow-calls, severity: info, server: ghost}
`;
    const before = (await exportFile(ctx, {})).text;
    const { entries } = await planFile(ctx, { text });
    const refused = entries.flatMap(({ section, name, action, reason }) =>
      action === 'refused' ? [[`${section}.${name}`, reason]] : [],
    );
    expect(refused.map(([place]) => place)).toEqual([
      'settings.smtp',
      'settings.nothing',
      'people.b o b',
      'groups.two',
      'groups.full',
      'groups.lost',
      'servers.taken',
      'servers.UPPER__bad',
      'servers.owned',
      'servers.shown',
      'graphs.back',
      'graphs.round',
      'alerts.odd',
    ]);
    for (const [, reason] of refused) expect(reason).not.toBe('');
    await expect(applyFile(ctx, { text })).rejects.toMatchObject({ code: 'precondition' });
    expect((await exportFile(ctx, {})).text).toBe(before);
  });
});

function drop(tree: unknown, [key = '', ...rest]: readonly string[]): void {
  if (typeof tree !== 'object' || tree === null) return;
  if (rest.length === 0) Reflect.deleteProperty(tree, key);
  else drop(Reflect.get(tree, key), rest);
}

/** Without what is empty, and null for what nobody set. */
function tidy(tree: unknown): unknown {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return tree;
  const inner = Object.entries(tree).map(([key, value]) => [key, tidy(value)] as const);
  return Object.fromEntries(
    inner.filter(([, value]) => value !== null && !(typeof value === 'object' && Object.keys(value).length === 0)),
  );
}
