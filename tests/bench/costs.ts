import { z } from 'zod';
import { verb, type Actor } from '@switchboard/core';
import { runtimeCredentialOf } from '@switchboard/core/access';
import { addMember, addServerToGroup, createGroup } from '@switchboard/core/groups';
import { createKey } from '@switchboard/core/keys';
import { createOauthStore } from '@switchboard/core/oauth';
import { createServer, updateServer } from '@switchboard/core/servers';
import { makeDraft, makeRecord, makeTestCore, type TestCore } from '@switchboard/core/testing';
import { tables } from '@switchboard/db';
import { startTestPostgres } from '@switchboard/db/testing';

/** What one part of the domain adds to a call, in microseconds of CPU. */
export interface Cost {
  title: string;
  microseconds: number;
}

const times = 50_000;
/** Writes take longer. */
const writes = 300;
const groups = 20;

/** CPU of the whole process a call, garbage collection and the driver of the database included. */
async function cpuOf(title: string, run: () => Promise<void>, count = times): Promise<Cost> {
  await run();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return { title, microseconds: (user + system) / count };
}

/** Somebody in 20 groups with a server each, and a key of theirs with a limit. */
async function makeCaller(test: TestCore): Promise<{ key: string; token: string; actor: Actor; granted: Actor }> {
  const { core, ctx, addUser } = test;
  const user = await addUser('user');
  for (let i = 0; i < groups; i += 1) {
    await createServer(ctx(), makeDraft({ id: `s${i}` }));
    const group = await createGroup(ctx(), { name: `group ${i}` });
    await addMember(ctx(), { groupId: group.id, userId: user.id, role: 'member' });
    await addServerToGroup(ctx(), { groupId: group.id, serverId: `s${i}`, permissions: ['read', 'execute'] });
  }
  const { key } = await createKey(ctx(user), { name: 'bench', callsPerMinute: 1_000_000 });
  await core.deps.hub.reconcile();
  const { actor } = await core.authenticate({ bearer: key });
  const token = await makeToken(test, user.id);
  const { actor: granted } = await core.authenticate({ bearer: token, isMcp: true });
  return { key, token, actor, granted };
}

/** An access token of a client that somebody let in. */
async function makeToken({ core, ctx }: TestCore, userId: string): Promise<string> {
  const { db, secrets } = core.deps;
  const id = 'bench-grant';
  const client = { clientId: 'bench', clientName: 'bench', clientKind: 'registered' } as const;
  const scopes = ['mcp:read', 'mcp:call'];
  await db.insert(tables.oauthGrants).values({ id, userId, ...client, endpoint: 'all', resource: '/mcp', scopes });
  await core.deps.hub.reconcile();
  const token = 'bench'.padEnd(43, 'x');
  const store = createOauthStore({ db, secrets, now: Date.now, ctx });
  const payload = { grantId: id, clientId: 'bench', accountId: userId, aud: 'all', scope: scopes.join(' ') };
  await store.upsert('AccessToken', token, payload, 3_600);
  return token;
}

/** The write of a stack, as far as the hub's memory is concerned: an audit row and an event that affects nothing. */
const changeStack = verb({ name: 'stack.update', access: 'write', input: z.object({}) }, async (ctx) => {
  ctx.emit({ type: 'stack.changed', id: 's', owner: null, engine: 'local', project: 'bench' });
});

/** Measures what permissions, limits and the history each cost a call, with the domain's own functions. */
export async function measureCosts(): Promise<Cost[]> {
  const postgres = await startTestPostgres();
  try {
    await using test = await makeTestCore();
    const { core, runtime } = test;
    const { key, token, actor, granted } = await makeCaller(test);
    const credential = runtimeCredentialOf(actor);
    const grant = runtimeCredentialOf(granted);
    function every(step: () => unknown) {
      return async (): Promise<void> => {
        for (let i = 0; i < times; i += 1) await step();
      };
    }
    const costs = [
      await cpuOf(
        'authentication',
        every(() => core.authenticate({ bearer: key })),
      ),
      await cpuOf(
        'authentication, with a token of OAuth',
        every(() => core.authenticate({ bearer: token, isMcp: true })),
      ),
      await cpuOf(
        `permissions (${groups} groups)`,
        every(() => core.select(credential, 'all')),
      ),
      await cpuOf(
        'the same, with a token of OAuth',
        every(() => core.select(grant, 'all')),
      ),
      await cpuOf(
        'rate limits',
        every(() => core.limits.call(credential.key, 's1', 'read')),
      ),
      await cpuOf('call record, written', async () => {
        for (let i = 0; i < times; i += 1) {
          runtime.tell({ type: 'call', record: makeRecord({ serverId: 's1', credential: credential.key }) });
          if (i % 500 === 499) await core.deps.hub.flushCalls();
        }
      }),
    ];
    costs.push(
      await cpuOf(
        `a server renamed (${groups} servers)`,
        async () => {
          for (let i = 0; i < writes; i += 1) {
            await updateServer(test.ctx(), { id: 's1', patch: { name: `Server ${i}` } });
          }
        },
        writes,
      ),
    );
    costs.push(
      await cpuOf(
        'a change that affects neither servers nor rights',
        async () => {
          for (let i = 0; i < writes; i += 1) await changeStack(test.ctx(), {});
        },
        writes,
      ),
    );
    if (core.droppedRecords() > 0) throw new Error(`${core.droppedRecords()} call records were lost`);
    return costs;
  } finally {
    await postgres.stop();
  }
}
