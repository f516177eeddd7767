import { TOTP, Secret } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainUser } from './access/explain.ts';
import { refresh } from './access/refresh.ts';
import { issueToken, login } from './access/verbs.ts';
import { confirmTotp, enrolTotp } from './account/mfa.ts';
import { changePassword, getAccount, listSessions } from './account/verbs.ts';
import { exportAudit, listAudit } from './audit/verbs.ts';
import { listCalls } from './calls/queries.ts';
import { addMember, listMembers } from './groups/members.ts';
import { addServerToGroup, listGroupServers } from './groups/servers.ts';
import { createGroup, listGroups } from './groups/verbs.ts';
import { createKey, listKeys } from './keys/verbs.ts';
import { exportConfig } from './servers/export.ts';
import { createServer, listServers } from './servers/verbs.ts';
import { makeDraft, makeRecord, makeRemoteDraft, makeTestCore, type TestCore } from './testing.ts';
import { listUsers } from './users/listing.ts';
import { createUser } from './users/verbs.ts';

let hub: TestCore;
/** Everything that must not be found in clear anywhere, by what it is. */
const planted = new Map<string, string>();

function plant<Value extends string>(what: string, value: Value): Value {
  planted.set(what, value);
  return value;
}

beforeAll(async () => {
  hub = await makeTestCore();
  const ctx = hub.ctx();
  const anonymous = hub.ctx({ type: 'anonymous' });
  const password = plant('password', 'planted-password-1');
  const newPassword = plant('new password', 'planted-password-2');
  const user = await createUser(ctx, { username: 'victim', password });
  const generated = await createUser(ctx, { username: 'generated' });
  plant('generated password', generated.generatedPassword ?? '');
  await expect(
    login(anonymous, { username: 'victim', password: plant('wrong password', 'planted-guess') }),
  ).rejects.toThrow();
  const session = await login(anonymous, { username: 'victim', password });
  plant('cookie', session.session.id);
  plant('access token', session.token);
  plant('first refresh token', session.refreshToken);
  const next = await refresh(anonymous, { refreshToken: session.refreshToken });
  plant('second refresh token', next.refreshToken);
  plant('short token', (await issueToken(anonymous, { username: 'victim', password })).token);
  const self = hub.ctx((await hub.core.authenticate({ bearer: next.token })).actor);
  plant('API key', (await createKey(self, { name: 'k' })).key);
  const { secret } = await enrolTotp(self, { password });
  plant('TOTP secret', secret);
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: hub.clock.now() });
  const { codes } = await confirmTotp(self, { code });
  codes.forEach((value, index) => plant(`recovery code ${index}`, value));
  await changePassword(self, { currentPassword: password, newPassword });
  const env = { API_KEY: plant('env value', 'planted-env-value') };
  await createServer(ctx, makeDraft({ id: 'program', env, recording: 'all' }));
  const headers = { authorization: `Bearer ${plant('header value', 'planted-header-value')}` };
  await createServer(ctx, makeRemoteDraft({ id: 'remote', headers, recording: 'all' }));
  await createGroup(ctx, { name: 'team', permissions: { servers: ['read', 'write', 'execute'] } });
  await addMember(ctx, { groupId: 'team', userId: user.id });
  await addServerToGroup(ctx, { groupId: 'team', serverId: 'remote', permissions: ['read', 'write', 'execute'] });
  const result = { content: [{ type: 'text', text: `leaks planted-env-value and planted-header-value` }] };
  for (const serverId of ['program', 'remote']) {
    const text = serverId === 'program' ? 'planted-env-value' : 'Bearer planted-header-value';
    hub.runtime.tell({
      type: 'call',
      record: makeRecord({ serverId, arguments: { text }, result: { ...result, content: [{ text }] } }),
    });
    for (const outcome of ['tool_error', 'error'] as const) {
      const errorMessage = `refused: ${text}`;
      hub.runtime.tell({ type: 'call', record: makeRecord({ serverId, outcome, errorMessage }) });
    }
  }
});
afterAll(() => hub.close());

function found(text: string): string[] {
  return [...planted].filter(([, value]) => text.includes(value)).map(([what]) => what);
}

describe('planted secrets', () => {
  it('are in no table in clear', async () => {
    await hub.core.deps.hub.flushCalls();
    const { sql } = hub.testDb.connection;
    const names = await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables where table_schema = 'public'`;
    expect(names.length).toBeGreaterThan(12);
    for (const { name } of names) {
      const rows = await sql`select t::text as row from ${sql(name)} t`;
      expect([name, found(JSON.stringify(rows))]).toEqual([name, []]);
    }
  });

  it('are in no list, no view, no trail and no export, whoever asks', async () => {
    const victim = {
      type: 'user',
      id: (await listUsers(hub.ctx(), { search: 'victim' })).items[0]?.id ?? '',
      username: 'victim',
      role: 'user',
      sessionId: 's',
    } as const;
    for (const actor of [hub.admin, victim]) {
      const ctx = hub.ctx(actor);
      const { chunks } = await exportAudit(ctx, { format: 'csv' });
      let exported = '';
      for await (const chunk of chunks) exported += chunk;
      const answers = [
        await listServers(ctx, { limit: 100 }),
        await exportConfig(ctx, {}),
        await listGroups(ctx, {}),
        await listMembers(ctx, { groupId: 'team' }),
        await listGroupServers(ctx, { id: 'team' }),
        await listKeys(ctx, {}),
        await listSessions(ctx, {}),
        await getAccount(ctx, {}),
        await listCalls(ctx, {}),
        await listAudit(ctx, { limit: 500 }),
        await explainUser(ctx, {}),
        exported,
        actor === hub.admin ? await listUsers(ctx, {}) : null,
      ];
      expect(found(JSON.stringify(answers))).toEqual([]);
    }
  });
});
