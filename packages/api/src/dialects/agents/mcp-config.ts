import type { z } from 'zod';
import { DomainError } from '@switchboard/core';
import { say } from '@switchboard/core/reasons';
import {
  createServer,
  listServers,
  parseClientConfig,
  removeServer,
  settledServer,
  updateServer,
} from '@switchboard/core/servers';
import {
  emptyLaunch,
  hasField,
  type CreateServer,
  type Server,
  type ServerPatch,
} from '@switchboard/core/servers/schema';
import type { ApiContext } from '../../context.ts';
import type { RouteAnswers } from '../kit/problem.ts';
import { allServers, toolsOf } from '../kit/seen-servers.ts';
import { route } from './dialect.ts';
import { mcp as examples } from './mcp-examples.ts';
import { isConfigurable, isOfConfig, toState } from './mcp-map.ts';
import * as wire from './mcp-wire.ts';

type ConfigInput = z.infer<typeof wire.ConfigBody>;

/** The servers that a configuration means; one wrong entry refuses it whole. */
function draftsOf({ mcpServers }: ConfigInput): CreateServer[] {
  return parseClientConfig(JSON.stringify({ mcpServers })).map(({ name, draft, error }) => {
    const wrong =
      error ?? (draft && !isOfConfig(draft) ? say('typeUnknown', { type: JSON.stringify(draft.kind) }) : null);
    if (wrong || !draft) throw new DomainError('invalid', say('inField', { field: name, reason: wrong ?? '' }));
    const timeout = mcpServers[name]?.timeout;
    return timeout === undefined
      ? draft
      : { ...draft, limits: { ...draft.limits, callTimeoutMs: Math.round(timeout * 1_000) } };
  });
}

/** The results of several servers. */
interface Outcomes {
  done: string[];
  already: string[];
  skipped: Record<string, string>;
}

/** Does it to each in turn; where none could be done, a refusal of the caller or of what is said is thrown. */
async function each(
  ids: readonly string[],
  alreadyCode: DomainError['code'],
  act: (at: number) => Promise<unknown>,
): Promise<Outcomes> {
  const outcomes: Outcomes = { done: [], already: [], skipped: {} };
  let refusal: DomainError | null = null;
  for (const [at, id] of ids.entries()) {
    try {
      // One after the other: they take the same locks.
      // oxlint-disable-next-line no-await-in-loop
      await act(at);
      outcomes.done.push(id);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'internal') throw error;
      if (error.code === alreadyCode) outcomes.already.push(id);
      else outcomes.skipped[id] = error.message;
      if (error.code === 'forbidden' || error.code === 'invalid') refusal ??= error;
    }
  }
  if (refusal && outcomes.done.length === 0) throw refusal;
  return outcomes;
}

function statusOf({ done, already, skipped }: Outcomes) {
  const others = already.length + Object.keys(skipped).length;
  if (done.length > 0) return others === 0 ? 'success' : 'partial_success';
  return Object.keys(skipped).length > 0 ? 'error' : 'no_changes';
}

const badFormat: RouteAnswers = { invalid: { status: 400 } };
const toRun = { 'server.run-process': 'for programs' } as const;

export const add = route({
  method: 'POST',
  path: '/mcp/add',
  aliases: ['/api/mcp/add'],
  summary: 'Add servers',
  description:
    'They start behind: the status tells whether they run. A name that is taken is left as it is. One entry that cannot ' +
    'be a server refuses all of them with 400. Keys that the hub has nothing for, as `autoApprove`, are ignored.',
  verbs: [createServer],
  alsoNeeds: toRun,
  errors: [400, 401, 403, 422, 500],
  answers: badFormat,
  example: examples.add,
})
  .input(wire.ConfigBody)
  .output(wire.AddAnswer)
  .mutation(async ({ ctx, input }) => {
    const drafts = draftsOf(input);
    const ids = drafts.map(({ id, name }) => id ?? name ?? '');
    const outcomes = await each(ids, 'conflict', async (at) => {
      const draft = drafts[at];
      if (draft) await createServer(ctx.core, draft);
    });
    return {
      status: statusOf(outcomes),
      message: `成功添加 ${outcomes.done.length} 个服务器`,
      added_servers: outcomes.done,
      duplicate_servers: outcomes.already,
      skipped_servers: outcomes.skipped,
    };
  });

export const remove = route({
  method: 'POST',
  path: '/mcp/remove',
  aliases: ['/api/mcp/remove'],
  summary: 'Remove servers',
  description: 'The body is a list of their ids. What is not there is told, and is no failure.',
  body: 'names',
  verbs: [removeServer],
  errors: [400, 401, 403, 422, 500],
  example: examples.remove,
})
  .input(wire.RemoveBody)
  .output(wire.RemoveAnswer)
  .mutation(async ({ ctx, input: { names } }) => {
    const outcomes = await each(names, 'not_found', async (at) => removeServer(ctx.core, { id: names[at] ?? '' }));
    return {
      status: statusOf(outcomes),
      message: `成功删除 ${outcomes.done.length} 个服务器`,
      removed_servers: outcomes.done,
      not_found_servers: outcomes.already,
      skipped_servers: outcomes.skipped,
    };
  });

const entryFields = ['command', 'args', 'env', 'cwd', 'url', 'headers'] as const;

/** The patch that makes a server what its entry says; a field that the entry lacks gets the value of a new server. */
function patchOf(draft: CreateServer, before: Server): ServerPatch {
  const { kind, limits, desired = 'on' } = draft;
  const launch = entryFields.filter((field) => hasField(kind, field));
  // Default limits are shown too, and are not stored when they are sent back.
  const otherLimits = Object.entries(limits ?? {}).filter(([name, most]) => Reflect.get(before.limits, name) !== most);
  const isOther = (desired === 'disabled') !== (before.desired === 'disabled');
  return {
    kind,
    ...Object.fromEntries(launch.map((field) => [field, draft[field] ?? emptyLaunch[field]])),
    ...(otherLimits.length > 0 && { limits: Object.fromEntries(otherLimits) }),
    ...(isOther && { desired }),
  };
}

async function apply({ core }: ApiContext, drafts: readonly CreateServer[], current: readonly Server[]) {
  const kept = new Set<string>();
  for (const draft of drafts) {
    const before = current.find(({ id }) => id.toLowerCase() === draft.id?.toLowerCase());
    // Whatever is refused ends it before anything is removed.
    // oxlint-disable-next-line no-await-in-loop
    const { id } = await (before
      ? updateServer(core, { id: before.id, patch: patchOf(draft, before) })
      : createServer(core, draft));
    kept.add(id);
  }
  for (const { id, can } of current) {
    // oxlint-disable-next-line no-await-in-loop
    if (!kept.has(id) && can.remove) await removeServer(core, { id });
  }
  return [...kept];
}

export const replace = route({
  method: 'POST',
  path: '/mcp/config',
  aliases: ['/api/mcp/config'],
  summary: 'Replace the configuration',
  description:
    'What `GET` shows is what is compared: an entry that is the same is not touched, one that differs is changed, a new one ' +
    'is added, and a server without an entry is removed where the caller may. Other servers stay. Answers when those that ' +
    'have an entry run or have failed, with their states.',
  verbs: [listServers],
  alsoNeeds: {
    'server.create': 'for an entry that is new',
    'server.configure': 'to change a server',
    'server.operate': 'to switch one on or off',
    'server.remove': 'to remove those without an entry',
    'server.inspect': 'to be shown tools',
    ...toRun,
  },
  errors: [400, 401, 403, 404, 409, 422, 429, 500],
  answers: badFormat,
  example: examples.replace,
})
  .input(wire.ConfigBody)
  .output(wire.StatusAnswer)
  .mutation(async ({ ctx, input }) => {
    const drafts = draftsOf(input);
    const current = (await allServers(ctx)).filter(isConfigurable);
    const ids = await apply(ctx, drafts, current);
    const states = ids.map(async (id) => {
      const server = await settledServer(ctx.core, { id });
      return [id, toState(server, await toolsOf(ctx, id))] as const;
    });
    return Object.fromEntries(await Promise.all(states));
  });
