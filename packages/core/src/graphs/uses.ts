import type { Parameters } from '@switchboard/agents';
import type { FlatNode } from '@switchboard/agents/graphs';
import type { Ctx } from '../context.ts';
import type { ChosenTools } from '../conversations/schema.ts';
import type { Asked } from '../conversations/turns.ts';
import { DomainError, isDomainError } from '../errors.ts';
import { requireModel } from '../models/queries.ts';
import { say } from '../reasons.ts';
import { findServer } from '../servers/queries.ts';

/** The models and servers of a node, with the rights of whoever runs the graph. */
export interface Uses {
  chosen: ChosenTools;
  asked: Pick<Asked, 'model' | 'fallback' | 'options'>;
  protocol: 'native' | 'tool_action';
}

async function protocolOf(ctx: Ctx, node: FlatNode, names: readonly string[]): Promise<Uses['protocol']> {
  for (const name of names) {
    try {
      return (await requireModel(ctx, name, 'model.use')).toolProtocol;
    } catch (error) {
      if (!isDomainError(error)) throw error;
    }
  }
  throw new DomainError('not_found', say('graphModelGone', { node: node.name, model: names.join(', ') }));
}

/** A model is held to the form of its answer where its provider can do so. */
function optionsOf({ output_schema: schema }: FlatNode): Parameters {
  return schema ? { response_format: { type: 'json_schema', json_schema: { name: 'output', schema } } } : {};
}

/** The model of a node with the tools of its servers. */
export async function modelOf(ctx: Ctx, node: FlatNode): Promise<Uses> {
  const fallback = node.attempts?.fallback_model || null;
  const names = [node.model_name, ...(fallback === null ? [] : [fallback])];
  return {
    protocol: await protocolOf(ctx, node, names),
    asked: { model: node.model_name, fallback, options: optionsOf(node) },
    chosen: { servers: [...node.mcp_servers], groups: [], tools: null },
  };
}

/** The one tool that a node calls without a model. */
export async function toolOf(ctx: Ctx, { tool }: FlatNode): Promise<Uses> {
  const { server = '', name = '' } = tool ?? {};
  const found = await findServer(ctx, server, ['server.read', 'server.use']).catch((error: unknown) => {
    if (isDomainError(error)) return null;
    throw error;
  });
  if (!found) throw new DomainError('not_found', say('graphToolGone', { server, tool: name }));
  const { id } = found;
  return {
    protocol: 'native',
    asked: { model: '', fallback: null, options: {} },
    chosen: { servers: [id], groups: [], tools: [`${id}/${name}`] },
  };
}
