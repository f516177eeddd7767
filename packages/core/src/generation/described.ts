import type { Described, ToolLanguage } from '@switchboard/agents/generation';
import { runtimeCredentialOf } from '../access/credential.ts';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { awaitCatalogs } from '../conversations/tools.ts';
import { isDemo } from '../models/demo.ts';
import { modelResource, seenModels } from '../models/queries.ts';
import type { ModelRow } from '../models/rows.ts';
import { allServers } from '../selection.ts';

/** How long servers are waited for that start: what is made may do without them. */
const lookMs = 5_000;

function aboutModel(row: ModelRow): string {
  if (isDemo(row)) return 'scripted, for trying things out; no language model';
  const { contextWindow, images, reasoning, tools } = row;
  const abilities = [
    ...(contextWindow === null ? [] : [`${contextWindow} tokens of context`]),
    ...(tools ? [] : ['calls no tools']),
    ...(images ? ['takes images'] : []),
    ...(reasoning ? ['reasons'] : []),
  ];
  return abilities.join(', ');
}

/** The languages in which a tool can run here: Python runs in containers only. */
export function toolLanguage({ docker, policy }: Pick<Ctx, 'docker' | 'policy'>): ToolLanguage {
  const isInDeno = policy.toolSandbox === 'deno' || (policy.toolSandbox === 'auto' && docker.engines.default === null);
  return isInDeno ? 'node' : 'python';
}

/**
 * The models and tools that the actor may use. Of servers, those of its common endpoint: texts that strangers wrote for
 * theirs must not get into the prompt of an admin unasked.
 */
export async function describedFor(ctx: Ctx): Promise<Described> {
  const models = (await seenModels(ctx)).filter((row) => may(ctx, 'model.use', modelResource(row)));
  const selection = ctx.hub.select(runtimeCredentialOf(ctx.actor), allServers);
  const { runtime } = ctx.hub;
  if (selection) await awaitCatalogs(ctx, selection, lookMs);
  const tools = Map.groupBy(selection ? runtime.exposure(selection).tools : [], ({ serverId }) => serverId);
  const servers = (selection?.servers ?? []).map(({ serverId }) => ({
    name: serverId,
    tools:
      runtime.catalog(serverId) === null
        ? null
        : (tools.get(serverId) ?? []).map(({ name, definition: { description } }) => ({
            name,
            description: typeof description === 'string' ? description : '',
          })),
  }));
  return { models: models.map((row) => ({ name: row.name, description: aboutModel(row) })), servers };
}
