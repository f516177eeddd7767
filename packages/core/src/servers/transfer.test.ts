import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { runtimeCredentialOf } from '../access/credential.ts';
import { listAudit } from '../audit/verbs.ts';
import { makeCatalog, makeDraft, makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { exportConfig } from './export.ts';
import { listItems } from './items.ts';
import { revealSecret } from './logs.ts';
import { importConfig } from './transfer.ts';
import { createServer, getServer, listServers, removeServer, updateServer } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore({ envPassthrough: { KNOWN: 'yes' } });
});
afterAll(() => hub.close());
afterEach(async () => {
  for (const { id } of (await listServers(hub.ctx(), { limit: 100 })).items) await removeServer(hub.ctx(), { id });
});

function config(servers: object) {
  return JSON.stringify({ mcpServers: servers });
}
async function actionsOf(text: string, more: object = {}) {
  const { entries } = await importConfig(hub.ctx(), { text, apply: true, ...more });
  return Object.fromEntries(entries.map(({ name, action }) => [name, action]));
}

describe('importConfig', () => {
  it('says what would happen and does nothing until it is told to', async () => {
    const text = config({ a: { command: 'x', env: { K: '${NEEDED}', L: '${KNOWN}' } } });
    const { applied, entries } = await importConfig(hub.ctx(), { text });
    expect(applied).toBe(false);
    expect(entries).toEqual([
      {
        name: 'a',
        id: 'a',
        kind: 'stdio',
        action: 'create',
        reason: null,
        why: null,
        taken: false,
        disabled: false,
        docker: false,
        missing: ['NEEDED'],
        envFile: null,
        tools: { only: null, off: [] },
        ignored: [],
        literal: [],
      },
    ]);
    expect((await listServers(hub.ctx(), {})).total).toBe(0);
  });

  it('leaves an entry in the trail where it is applied, and none for looking', async () => {
    async function trail() {
      return (await listAudit(hub.ctx(), { action: ['server.import'], limit: 500 })).items.map(
        ({ details }) => details,
      );
    }
    const before = (await trail()).length;
    const text = config({ looked: { command: 'x' } });
    await importConfig(hub.ctx(), { text });
    expect(await trail()).toHaveLength(before);
    await importConfig(hub.ctx(), { text, apply: true });
    expect((await trail())[0]).toEqual({ created: ['looked'], replaced: [], skipped: [], failed: [] });
  });

  it('names in the trail each server that it writes, changed by that or not', async () => {
    const text = config({ one: { command: 'x' }, two: { command: 'x' }, 'no id, no command': {} });
    await importConfig(hub.ctx(), { text, apply: true });
    await importConfig(hub.ctx(), { text, apply: true, onConflict: 'replace' });
    const [imported, ...rows] = (await listAudit(hub.ctx(), { action: ['server.*'], limit: 3 })).items;
    expect(imported).toMatchObject({
      action: 'server.import',
      details: { created: [], replaced: ['one', 'two'], skipped: [], failed: ['no id, no command'] },
    });
    expect(rows).toMatchObject([
      { action: 'server.configure', target: 'two', details: { changed: [] } },
      { action: 'server.configure', target: 'one', details: { changed: [] } },
    ]);
    await importConfig(hub.ctx(), { text: config({ one: { command: 'x' } }), apply: true });
    const [last] = (await listAudit(hub.ctx(), { action: ['server.import'], limit: 1 })).items;
    expect(last).toMatchObject({ target: 'one', details: { skipped: ['one'] } });
  });

  it('switches tools as the entry says, those too that the server offers later', async () => {
    const text = config({
      gemini: { command: 'x', excludeTools: ['boom'] },
      codex: { command: 'x', enabled_tools: ['a', 'b'], disabled_tools: ['b'] },
      copilot: { command: 'x', tools: ['*'] },
    });
    expect((await importConfig(hub.ctx(), { text })).entries).toMatchObject([
      { tools: { only: null, off: ['boom'] }, ignored: [] },
      { tools: { only: ['a', 'b'], off: ['b'] }, ignored: [] },
      { tools: { only: null, off: [] }, ignored: [] },
    ]);
    await actionsOf(text);
    for (const id of ['gemini', 'codex', 'copilot']) hub.runtime.seedCatalog(id, makeCatalog(['a', 'b', 'boom']));
    async function on(id: string) {
      return (await listItems(hub.ctx(), { id })).tools.filter(({ enabled }) => enabled).map(({ name }) => name);
    }
    expect([await on('gemini'), await on('codex'), await on('copilot')]).toEqual([
      ['a', 'b'],
      ['a'],
      ['a', 'b', 'boom'],
    ]);
    expect(hub.core.select(runtimeCredentialOf(hub.admin), 'codex')?.servers[0]?.only).toEqual({ tool: ['a'] });
    await actionsOf(config({ codex: { command: 'x', enabled_tools: ['boom'] } }), { onConflict: 'replace' });
    expect(await on('codex')).toEqual(['boom']);
    await actionsOf(config({ codex: { command: 'y' } }), { onConflict: 'replace' });
    expect(await on('codex')).toEqual(['boom']);
    const odd = await importConfig(hub.ctx(), { text: config({ z: { command: 'x', includeTools: 'a' } }) });
    expect(odd.entries).toMatchObject([
      { action: 'error', reason: expect.stringContaining('includeTools: must be a list') },
    ]);
  });

  it('applies the good entries and explains the others', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'there' }));
    const text = config({
      good: { command: 'x' },
      GOOD: { command: 'y' },
      mcp: { command: 'x' },
      broken: { command: '' },
      there: { command: 'z' },
      off: { command: 'x', disabled: true },
    });
    expect(await actionsOf(text)).toEqual({
      good: 'create',
      GOOD: 'error',
      mcp: 'error',
      broken: 'error',
      there: 'skip',
      off: 'create',
    });
    expect((await listServers(hub.ctx(), { sort: 'id' })).items.map(({ id }) => id)).toEqual(['good', 'off', 'there']);
    expect(hub.runtime.specs.map(({ id, desired }) => [id, desired])).toContainEqual(['off', 'disabled']);
  });

  it('replaces the whole server where asked, and leaves one alone that is the same', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'it', env: { OLD: '1' } }));
    const text = config({ it: { command: 'new' } });
    expect(await actionsOf(text, { onConflict: 'replace' })).toEqual({ it: 'replace' });
    expect(await getServer(hub.ctx(), { id: 'it' })).toMatchObject({ command: 'new', args: [], env: {} });
    const revision = hub.runtime.specs[0]?.revision;
    await actionsOf(text, { onConflict: 'replace' });
    expect(hub.runtime.specs[0]?.revision).toBe(revision);
  });

  it('says which entries are off, and makes them disabled', async () => {
    const text = config({ on: { command: 'x' }, off: { command: 'x', disabled: true } });
    const { entries } = await importConfig(hub.ctx(), { text });
    expect(entries.map(({ name, disabled }) => [name, disabled])).toEqual([
      ['on', false],
      ['off', true],
    ]);
    await importConfig(hub.ctx(), { text, apply: true });
    expect(await getServer(hub.ctx(), { id: 'off' })).toMatchObject({ desired: 'disabled' });
  });

  it('leaves a replaced server stopped or disabled, unless the config says otherwise', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'it', desired: 'stopped' }));
    await actionsOf(config({ it: { command: 'new' } }), { onConflict: 'replace' });
    expect(await getServer(hub.ctx(), { id: 'it' })).toMatchObject({ command: 'new', desired: 'stopped' });
    await actionsOf(config({ it: { command: 'new', disabled: false } }), { onConflict: 'replace' });
    expect(await getServer(hub.ctx(), { id: 'it' })).toMatchObject({ desired: 'on' });
  });

  it('keeps stored values and the name where an export is read back over the server', async () => {
    const env = { TOKEN: 'real-secret', 'my.key': 'other-secret', REF: '${OTHER}' };
    await createServer(hub.ctx(), makeDraft({ id: 'round', name: 'Round Trip', env }));
    const text = JSON.stringify(await exportConfig(hub.ctx(), {}));
    const again = { text, onConflict: 'replace' as const };
    expect((await importConfig(hub.ctx(), again)).entries).toMatchObject([{ action: 'replace', missing: ['OTHER'] }]);
    expect(await actionsOf(text, again)).toEqual({ round: 'replace' });
    expect((await getServer(hub.ctx(), { id: 'round' })).name).toBe('Round Trip');
    function valueOf(name: string) {
      return revealSecret(hub.ctx(), { id: 'round', field: 'env', name });
    }
    expect(await valueOf('TOKEN')).toEqual({ value: 'real-secret' });
    expect(await valueOf('my.key')).toEqual({ value: 'other-secret' });
    expect(await valueOf('REF')).toEqual({ value: '${OTHER}' });
  });

  it('takes a placeholder as meant where something provides it, and what is new where it is no placeholder', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'it', env: { KNOWN: 'literal', TOKEN: 'old' } }));
    const text = config({
      it: { command: 'npx', args: ['-y', 'server-files'], env: { KNOWN: '${KNOWN}', TOKEN: 'new' } },
    });
    expect(await actionsOf(text, { onConflict: 'replace' })).toEqual({ it: 'replace' });
    function valueOf(name: string) {
      return revealSecret(hub.ctx(), { id: 'it', field: 'env', name });
    }
    expect(await valueOf('KNOWN')).toEqual({ value: '${KNOWN}' });
    expect(await valueOf('TOKEN')).toEqual({ value: 'new' });
  });

  it('says of an entry that stands twice which one counts', async () => {
    const text = '{"mcpServers": {"a": {"command": "x"}, "a": {"command": "y"}}}';
    const { entries } = await importConfig(hub.ctx(), { text, apply: true });
    expect(entries.map(({ action, reason }) => [action, reason])).toEqual([
      ['create', null],
      ['error', "Another entry of this config gets the id 'a' too."],
    ]);
    expect(await getServer(hub.ctx(), { id: 'a' })).toMatchObject({ command: 'x' });
  });

  it('takes another id for an entry whose own is taken', async () => {
    const text = config({ 'My Server': { command: 'x' }, 'my-server': { command: 'y' } });
    const { entries } = await importConfig(hub.ctx(), { text });
    expect(entries.map(({ action, taken }) => [action, taken])).toEqual([
      ['create', false],
      ['error', true],
    ]);
    expect(await actionsOf(text, { ids: { 'my-server': 'second' } })).toEqual({
      'My Server': 'create',
      'my-server': 'create',
    });
    expect(await getServer(hub.ctx(), { id: 'second' })).toMatchObject({ name: 'my-server', command: 'y' });
    expect((await importConfig(hub.ctx(), { text })).entries[0]).toMatchObject({ action: 'skip', taken: true });
  });

  it.each(['高德地图', '🙂', 'My Server', 'plain', '高德 maps', ' spaced ', 'İstanbul', 'mcp-'.repeat(20)])(
    'knows an entry called %j again, however often it comes',
    async (name) => {
      const text = config({ [name]: { command: 'x' } });
      const rounds = [];
      for (const onConflict of ['skip', 'skip', 'replace', 'replace'])
        rounds.push(await actionsOf(text, { onConflict }));
      expect(rounds.map((round) => round[name])).toEqual(['create', 'skip', 'replace', 'replace']);
      const { items } = await listServers(hub.ctx(), {});
      expect(items.map((server) => server.name)).toEqual([name]);
      await updateServer(hub.ctx(), { id: items[0]?.id ?? '', patch: { name: 'Renamed here' } });
      expect(await actionsOf(text)).toEqual({ [name]: 'skip' });
    },
  );

  it('keeps names apart of which the same slug remains', async () => {
    const text = config({ '高德 maps': { command: 'x' }, '百度 maps': { command: 'y' } });
    for (const action of ['create', 'skip']) {
      expect(await actionsOf(text)).toEqual({ '高德 maps': action, '百度 maps': action });
    }
    const { items } = await listServers(hub.ctx(), {});
    const commands = Object.fromEntries(items.map(({ name, command }) => [name, command]));
    expect(commands).toEqual({ '高德 maps': 'x', '百度 maps': 'y' });
    expect(items).toHaveLength(2);
  });

  it('gives each of two people a server of a name that leaves no slug', async () => {
    const text = config({ 高德地图: { url: 'https://example.com/mcp' } });
    for (const who of ['ann', 'tom']) {
      const ctx = hub.ctx(await hub.addUser('user', who));
      for (const action of ['create', 'replace']) {
        const { entries } = await importConfig(ctx, { text, apply: true, onConflict: 'replace' });
        expect(entries).toMatchObject([{ action, id: expect.stringMatching(/^server-[a-z2-7-]+$/) }]);
      }
      expect((await listServers(ctx, {})).total).toBe(1);
    }
  });

  it('replaces no server of another name that has the id', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'my-server' }));
    const text = config({ 'My Server': { command: 'y' } });
    const { entries } = await importConfig(hub.ctx(), { text, onConflict: 'replace' });
    expect(entries).toMatchObject([
      { action: 'skip', taken: true, reason: "'My-Server' is the id of another server." },
    ]);
    const given = { text, ids: { 'My Server': 'mine' }, apply: true };
    expect((await importConfig(hub.ctx(), given)).entries).toMatchObject([{ action: 'create', id: 'mine' }]);
  });

  it('names a second server after the id chosen for it, where its name is another’s', async () => {
    const text = config({ notes: { command: 'x' } });
    await actionsOf(text);
    expect(await actionsOf(text, { ids: { notes: 'notes-2' } })).toEqual({ notes: 'create' });
    expect(await getServer(hub.ctx(), { id: 'notes-2' })).toMatchObject({ name: 'notes-2' });
    expect(await actionsOf(text)).toEqual({ notes: 'skip' });
  });

  it('takes none of several servers that have the name', async () => {
    for (const id of ['one', 'two']) await createServer(hub.ctx(), makeDraft({ id }));
    await hub.testDb.db.update(tables.servers).set({ name: '高德地图' });
    const { entries } = await importConfig(hub.ctx(), { text: config({ 高德地图: { command: 'x' } }), apply: true });
    expect(entries).toMatchObject([{ action: 'error', reason: 'Several servers have this name: one, two' }]);
  });

  it('names what VS Code would ask for until somebody says it', async () => {
    const env = { KNOWN_TO_NOBODY: '${input:tok}' };
    const inputs = [{ id: 'tok', type: 'promptString', description: 'Your token', password: true }];
    const text = JSON.stringify({ servers: { gh: { command: 'x', args: ['--key', '${input:tok}'], env } }, inputs });
    const preview = await importConfig(hub.ctx(), { text });
    expect(preview.entries).toMatchObject([{ action: 'create', missing: ['input:tok'] }]);
    expect(preview.inputs).toEqual([{ id: 'tok', description: 'Your token', password: true, usual: '', options: [] }]);
    await importConfig(hub.ctx(), { text, apply: true });
    expect((await getServer(hub.ctx(), { id: 'gh' })).missing).toEqual(['TOK']);
    const given = { text, inputs: { tok: 'secret' }, onConflict: 'replace' as const, apply: true };
    expect((await importConfig(hub.ctx(), given)).entries).toMatchObject([{ action: 'replace', missing: [] }]);
    expect(await getServer(hub.ctx(), { id: 'gh' })).toMatchObject({ missing: [], args: ['--key', 'secret'] });
  });

  it('takes only what is chosen', async () => {
    const text = config({ a: { command: 'x' }, b: { command: 'x' } });
    expect(await actionsOf(text, { only: ['b'] })).toEqual({ b: 'create' });
  });

  it('is bound by the rights of who imports', async () => {
    const user = await hub.addUser('user');
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'admins' }));
    const text = config({
      process: { command: 'sh' },
      web: { url: 'https://example.com' },
      admins: { url: 'https://evil.test' },
    });
    const { entries } = await importConfig(hub.ctx(user), { text, apply: true, onConflict: 'replace' });
    expect(entries.map(({ name, action }) => [name, action])).toEqual([
      ['process', 'error'],
      ['web', 'create'],
      ['admins', 'skip'],
    ]);
    expect(await getServer(hub.ctx(), { id: 'admins' })).toMatchObject({ url: 'https://example.com/mcp' });
  });

  it('runs as the system for the file given at start', async () => {
    const system = hub.ctx({ type: 'system', job: 'config-file' });
    await importConfig(system, { text: config({ filed: { command: 'x' } }), apply: true });
    expect(await getServer(hub.ctx(), { id: 'filed' })).toMatchObject({ createdBy: null });
  });

  it('puts nothing of the file given at start into a server of a plain user', async () => {
    const user = await hub.addUser('user');
    await createServer(hub.ctx(user), makeRemoteDraft({ id: 'by-id', name: 'by-id' }));
    await createServer(hub.ctx(user), makeRemoteDraft({ id: 'other', name: 'By name' }));
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'of-admin', name: 'of-admin' }));
    const system = hub.ctx({ type: 'system', job: 'config-file' });
    const url = 'https://operator.example/mcp';
    const headers = { Authorization: 'Bearer of the operator' };
    const text = config({ 'by-id': { url, headers }, 'By name': { url, headers }, 'of-admin': { url, headers } });
    const { entries } = await importConfig(system, { text, apply: true, onConflict: 'replace' });
    expect(entries.map(({ name, id, action, reason }) => [name, id, action, reason])).toEqual([
      ['by-id', 'by-id', 'skip', "'by-id' is the id of another server."],
      ['By name', 'By-name', 'create', null],
      ['of-admin', 'of-admin', 'replace', null],
    ]);
    for (const id of ['by-id', 'other']) {
      expect(await getServer(hub.ctx(), { id })).toMatchObject({ url: 'https://example.com/mcp', headers: {} });
    }
  });
});

describe('an entry that an admin imports', () => {
  const url = 'https://operator.example/mcp';
  const headers = { Authorization: 'Bearer of the operator' };
  function config(...names: string[]) {
    return JSON.stringify({ mcpServers: Object.fromEntries(names.map((name) => [name, { url, headers }])) });
  }

  it('is put into no server that a plain user has under its name or id, unless that id is chosen', async () => {
    const admin = hub.ctx(await hub.addUser('admin'));
    const user = hub.ctx(await hub.addUser('user'));
    await createServer(user, makeRemoteDraft({ id: 'github-x', name: 'github', visibility: 'private' }));
    await createServer(user, makeRemoteDraft({ id: 'gitlab', name: 'gitlab', visibility: 'private' }));
    const given = { text: config('github', 'gitlab'), apply: true, onConflict: 'replace' as const };
    async function imported(more: object = {}) {
      return (await importConfig(admin, { ...given, ...more })).entries.map(({ id, action, reason }) => [
        id,
        action,
        reason,
      ]);
    }
    const skipped = ['gitlab', 'skip', "'gitlab' is the id of another server."];
    expect(await imported()).toEqual([['github', 'create', null], skipped]);
    expect(await getServer(admin, { id: 'github' })).toMatchObject({ url, name: 'github (2)' });
    for (const id of ['github-x', 'gitlab']) {
      expect(await getServer(user, { id })).toMatchObject({ url: 'https://example.com/mcp', headers: {} });
    }
    expect(await imported()).toEqual([['github', 'replace', null], skipped]);
    expect(await imported({ ids: { gitlab: 'gitlab' } })).toEqual([
      ['github', 'replace', null],
      ['gitlab', 'replace', null],
    ]);
    expect(await getServer(user, { id: 'gitlab' })).toMatchObject({ url });
  });

  it('is put into the server that another admin has under its name', async () => {
    const [one, other] = [hub.ctx(await hub.addUser('admin')), hub.ctx(await hub.addUser('admin'))];
    await createServer(one, makeRemoteDraft({ id: 'shared', name: 'Shared' }));
    const text = config('Shared');
    const { entries } = await importConfig(other, { text, apply: true, onConflict: 'replace' });
    expect(entries).toMatchObject([{ id: 'shared', action: 'replace' }]);
  });
});

describe('exportConfig', () => {
  it('writes what clients read, with placeholders for values', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'files', env: { API_KEY: 'secret', REF: '${OTHER}' }, cwd: '/srv' }));
    await createServer(
      hub.ctx(),
      makeRemoteDraft({ id: 'web', headers: { 'X-Token': 'secret' }, desired: 'disabled' }),
    );
    const exported = await exportConfig(hub.ctx(), {});
    expect(exported).toEqual({
      mcpServers: {
        files: {
          command: 'npx',
          args: ['-y', 'server-files'],
          cwd: '/srv',
          env: { API_KEY: '${API_KEY}', REF: '${OTHER}' },
        },
        web: { type: 'http', url: 'https://example.com/mcp', headers: { 'X-Token': '${WEB_X_TOKEN}' }, disabled: true },
      },
    });
    expect(JSON.stringify(exported)).not.toContain('secret');
  });

  it('shows no secret in addresses and arguments, and keeps them where it is read back', async () => {
    const url = 'https://me:hunter2@h.example/s/0a1B2c3D4e5F6g7H8i9J0k1L2m/mcp?key=sEcrEt&plain=${PLAIN}#sEcrEt';
    const args = [
      'mcp-remote',
      'https://h.example/sse?token=sEcrEt',
      '--header',
      'Authorization: Bearer sEcrEt',
      '--api-key',
      'sEcrEt',
      '--db-password=sEcrEt',
      '-e',
      'TOKEN=${TOKEN}',
      '--dsn=postgres://app:sEcrEt@db/app',
      'ghp_sEcrEt0123456789abcdef',
      '--port=80',
      'postgresql://app:sEcrEt@db:5432/app',
      'https://sEcrEt@h.example/x',
      '-y',
      '--verbose',
      '--header=X-Api-Key: sEcrEt',
      '--config={ "token": "sEcrEt", "port": 80 }',
    ];
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'web', url }));
    await createServer(hub.ctx(), makeDraft({ id: 'run', args }));
    const exported = await exportConfig(hub.ctx(), {});
    expect(exported.mcpServers).toMatchObject({
      web: { url: 'https://h.example/s/${WEB_URL_PART_2}/mcp?key=${WEB_KEY}&plain=${PLAIN}' },
      run: {
        args: [
          'mcp-remote',
          'https://h.example/sse?token=${RUN_TOKEN}',
          '--header',
          'Authorization: ${RUN_AUTHORIZATION}',
          '--api-key',
          '${RUN_API_KEY}',
          '--db-password=${RUN_DB_PASSWORD}',
          '-e',
          'TOKEN=${TOKEN}',
          '--dsn=${RUN_DSN}',
          '${RUN_ARGUMENT_11}',
          '--port=80',
          'postgresql://app:${RUN_URL_PASSWORD}@db:5432/app',
          'https://${RUN_URL_USER}@h.example/x',
          '-y',
          '--verbose',
          '--header=X-Api-Key: ${RUN_X_API_KEY}',
          '--config={"token":"${RUN_TOKEN}","port":80}',
        ],
      },
    });
    expect(JSON.stringify(exported)).not.toMatch(/sEcrEt|hunter2/);
    const again = { text: JSON.stringify(exported), onConflict: 'replace' as const };
    expect((await importConfig(hub.ctx(), again)).entries).toMatchObject([
      { name: 'web', action: 'replace', missing: ['PLAIN'] },
      { name: 'run', action: 'replace', missing: ['TOKEN'] },
    ]);
    await actionsOf(again.text, again);
    expect(await getServer(hub.ctx(), { id: 'web' })).toMatchObject({ url });
    expect(await getServer(hub.ctx(), { id: 'run' })).toMatchObject({ args });
  });

  it('gives each value a name of its own, and keeps what only mentions one', async () => {
    for (const id of ['one', 'two']) {
      await createServer(hub.ctx(), makeRemoteDraft({ id, name: id, headers: { Authorization: `Bearer ${id}` } }));
    }
    const headers = { Authorization: 'Bearer ${MY_TOKEN}', Cookie: 'a=${MY_TOKEN}' };
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'three', name: 'three', headers }));
    expect((await exportConfig(hub.ctx(), {})).mcpServers).toMatchObject({
      one: { headers: { Authorization: '${ONE_AUTHORIZATION}' } },
      two: { headers: { Authorization: '${TWO_AUTHORIZATION}' } },
      three: { headers: { Authorization: 'Bearer ${MY_TOKEN}', Cookie: '${THREE_COOKIE}' } },
    });
  });

  it('is read back by the import', async () => {
    await createServer(hub.ctx(), makeDraft());
    const text = JSON.stringify(await exportConfig(hub.ctx(), {}));
    await removeServer(hub.ctx(), { id: 'files' });
    expect(await actionsOf(text)).toEqual({ files: 'create' });
  });

  it('is read back with all that was said about a server', async () => {
    const said = {
      description: 'What it is',
      tags: ['a', 'b'],
      isolation: 'shared' as const,
      limits: { maxInstances: 3 },
    };
    await createServer(hub.ctx(), makeDraft({ id: 'said', name: '新服务器', ...said }));
    const text = JSON.stringify(await exportConfig(hub.ctx(), {}));
    await removeServer(hub.ctx(), { id: 'said' });
    expect(await actionsOf(text)).toEqual({ said: 'create' });
    expect(await getServer(hub.ctx(), { id: 'said' })).toMatchObject({
      name: '新服务器',
      ...said,
      limits: expect.objectContaining(said.limits),
    });
  });

  it('shows users their own only', async () => {
    const user = await hub.addUser('user');
    await createServer(hub.ctx(), makeDraft());
    expect(await exportConfig(hub.ctx(user), {})).toEqual({ mcpServers: {} });
    await expect(exportConfig(hub.ctx(user), { ids: ['files'] })).rejects.toMatchObject({ code: 'not_found' });
  });
});
