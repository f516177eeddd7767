import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appRouter } from '@switchboard/api';
import { dialects, listRoutes, type Route } from '@switchboard/api/dialects';
import type { Json } from '../support/app.ts';
import { appRights, circles, groupRights, modelRights, serverRights } from './rights.ts';
import { restRows, trpcRows } from './rows/index.ts';
import type { Row, Said } from './rows/row.ts';
import { type ActorName, actors, appNames, createWorld, serverNames, type World } from './world.ts';

/**
 * Every actor × object × way in: what the table allows gets through; what it does not is refused where the object is
 * seen, and where it is not the answer is that of an object that does not exist.
 */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

interface Answer {
  status: number;
  body: Json;
}

type Send = (actor: ActorName, said: Said) => Promise<Answer>;

interface WayIn {
  name: string;
  row: Row;
  send: Send;
}

const procedures: Record<string, { _def: { type: string } }> = appRouter._def.procedures as never;

function sendTrpc(name: string): Send {
  return (actor, { input }) => {
    const caller = world.callers[actor];
    if (procedures[name]?._def.type !== 'query')
      return caller.json(`/trpc/${name}`, { method: 'POST', body: input ?? {} });
    return caller.json(
      `/trpc/${name}${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`,
    );
  };
}

function sendRest({ method, path }: Route): Send {
  return (actor, { input, params = {}, query = '' }) => {
    const concrete = path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(params[key] ?? 'none'));
    return world.callers[actor].json(`${concrete}${query}`, { method, ...(input !== undefined && { body: input }) });
  };
}

const routes = listRoutes(dialects);
const ways: WayIn[] = [
  ...Object.entries(trpcRows).map(([name, row]) => ({ name: `trpc ${name}`, row, send: sendTrpc(name) })),
  ...routes.flatMap(({ name, route }) => {
    const row = restRows[name];
    return row ? [{ name: `${route.method} ${route.path}`, row, send: sendRest(route) }] : [];
  }),
];

test('every procedure and every route has a row, and no row is left over', () => {
  expect(Object.keys(trpcRows).sort()).toEqual(Object.keys(procedures).sort());
  expect(Object.keys(restRows).sort()).toEqual(routes.map(({ name }) => name).sort());
});

/** What an answer says, whatever was asked for and when. */
function without({ status, body }: Answer, id: string): string {
  return `${status} ${JSON.stringify(body)}`.replaceAll(id, '…').replaceAll(/"(timestamp|requestId)":"[^"]*"/g, '"$1"');
}

const ghosts = {
  server: 'ghost',
  model: 'ghost',
  app: 'ghost',
  token: 'ghost',
  group: 'ghost',
  user: 'ghost',
  key: 'ghost',
  grant: 'ghost',
  session: 'ghost',
} as const;

interface Case {
  actor: ActorName;
  allowed: boolean;
  sees: boolean;
  /** Id of what is asked about, to be made first where what is allowed uses it up. */
  target(): Promise<string> | string;
  ghost: string | null;
}

function casesOf(row: Row): Case[] {
  if ('open' in row || 'elsewhere' in row) return [];
  const fresh = 'fresh' in row && row.fresh;
  if ('server' in row) {
    const cases = actors.flatMap((actor) =>
      serverNames.map((name) => {
        const rights = serverRights[actor][name];
        const allowed = rights.includes(row.server);
        function target() {
          return fresh && allowed ? world.freshServer() : name;
        }
        const sees = row.absent === undefined && rights.includes('see');
        return { actor, allowed, sees, target, ghost: ghosts.server, name };
      }),
    );
    // What is used up is made anew, and only like `shared`.
    return cases.filter(({ allowed, name }) => !fresh || !allowed || name === 'shared');
  }
  if ('model' in row) {
    const cases = actors.flatMap((actor) =>
      serverNames.map((name) => {
        const rights = modelRights[actor][name];
        const allowed = rights.includes(row.model);
        function target() {
          return fresh && allowed ? world.freshModel() : name;
        }
        return { actor, allowed, sees: rights.includes('see'), target, ghost: ghosts.model, name };
      }),
    );
    return cases.filter(({ allowed, name }) => !fresh || !allowed || name === 'shared');
  }
  if ('app' in row) {
    const cases = actors.flatMap((actor) =>
      appNames.map((name) => {
        const rights = appRights[actor][name];
        const allowed = rights.includes(row.app);
        function target() {
          return fresh && allowed ? world.freshApp(actor) : world.apps[name];
        }
        return { actor, allowed, sees: rights.includes('see'), target, ghost: ghosts.app, name };
      }),
    );
    return cases.filter(({ allowed, name }) => !fresh || !allowed || name === 'owned');
  }
  if ('group' in row) {
    return actors.map((actor) => {
      const rights = groupRights[actor];
      const allowed = rights.includes(row.group);
      function target() {
        return fresh && allowed ? world.freshGroup() : 'team';
      }
      return { actor, allowed, sees: rights.includes('see'), target, ghost: ghosts.group };
    });
  }
  const circle: readonly ActorName[] = circles[row.circle];
  if (!('of' in row)) {
    return actors.map((actor) => ({
      actor,
      allowed: circle.includes(actor),
      sees: true,
      target: () => '',
      ghost: null,
    }));
  }
  const seen: readonly ActorName[] = circles.memberOrAdminOrReadKey;
  const { of } = row;
  return actors.map((actor) => {
    const allowed = circle.includes(actor);
    function target() {
      return fresh && allowed ? freshOf(of, actor) : world.targets[`${of}Id`];
    }
    return { actor, allowed, sees: seen.includes(actor), target, ghost: ghosts[of] };
  });
}

async function freshOf(kind: 'user' | 'key' | 'session' | 'token' | 'grant', actor: ActorName): Promise<string> {
  if (kind === 'user') return world.freshUser();
  if (kind === 'token') return world.freshToken();
  const client = world.callers[actor].client();
  if (kind === 'grant') return (await client.oauth.machines.create.mutate({ name: 'spare', endpoint: null })).id;
  if (kind === 'key') return (await client.keys.create.mutate({ name: 'spare' })).id;
  await world.app.json('/api/auth/login', { body: { username: 'member', password: 'securepassword' }, auth: false });
  const open = await world.callers.member.client().account.sessions.query();
  return open.find(({ id, current }) => !current && id !== world.targets.sessionId)?.id ?? '';
}

const refusals = [401, 403, 404];

describe.each(ways.filter(({ row }) => casesOf(row).length > 0))('$name', ({ row, send }) => {
  const say = 'say' in row && row.say ? row.say : () => ({});

  const absentStatus = 'server' in row ? row.absent : undefined;
  const mayMiss = 'nowhere' in row && row.nowhere;
  const refused = absentStatus === undefined ? refusals : [...refusals, absentStatus];

  test('gives each actor what the table says', async () => {
    const wrong: string[] = [];
    /** What each actor is answered about what is not there: once, however much it does not see. */
    const absences = new Map<ActorName, string>();
    async function absenceFor(actor: ActorName, ghost: string): Promise<string> {
      const known = absences.get(actor);
      if (known !== undefined) return known;
      const absence = without(await send(actor, say({ id: ghost, world })), ghost);
      absences.set(actor, absence);
      return absence;
    }
    for (const { actor, allowed, sees, target, ghost } of casesOf(row)) {
      const id = await target();
      const answer = await send(actor, say({ id, world }));
      const found = `${actor} at ${id || 'it'}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 160)}`;
      if (actor === 'anonymous') {
        if (answer.status !== 401) wrong.push(`${found}; wanted 401`);
      } else if (allowed) {
        if (refused.includes(answer.status) && !(mayMiss && answer.status === 404))
          wrong.push(`${found}; wanted to get through`);
      } else if (sees || ghost === null) {
        if (answer.status !== 403) wrong.push(`${found}; wanted 403`);
      } else {
        const absence = await absenceFor(actor, ghost);
        const same = without(answer, id) === absence && refused.includes(answer.status);
        if (!same) wrong.push(`${found}; wanted the answer of what is not there: ${absence}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
