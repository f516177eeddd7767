import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { ownerName } from '../engines/owner.ts';
import { isDemo } from './demo.ts';
import { protocolOf } from './protocol.ts';
import { modelResource, openHeaders } from './queries.ts';
import type { ModelRow } from './rows.ts';
import { keyMask, type Model } from './schema.ts';

/** The protocol of a model. */
export function spokenTo(row: ModelRow): Model['speaks'] {
  return isDemo(row) ? 'demo' : (row.protocol ?? protocolOf(row.baseUrl));
}

type Settings = Pick<Model, 'headers' | 'options' | 'extraBody' | 'kept' | 'groups' | 'ownerName'>;

const hidden: Settings = { headers: {}, options: {}, extraBody: {}, kept: {}, groups: [], ownerName: null };

function settingsOf(ctx: Ctx, row: ModelRow): Settings {
  const names = Object.keys(openHeaders(ctx.secrets, row));
  return {
    headers: Object.fromEntries(names.map((name) => [name, keyMask])),
    options: row.options,
    extraBody: row.extraBody,
    kept: row.kept,
    groups: row.groups,
    ownerName: ownerName(ctx, row.createdBy),
  };
}

/** One model as this actor may see it. */
export function toModel(ctx: Ctx, row: ModelRow): Model {
  const resource = modelResource(row);
  const builtIn = isDemo(row);
  const configure = !builtIn && may(ctx, 'model.configure', resource);
  return {
    id: row.id,
    name: row.name,
    builtIn,
    protocol: row.protocol,
    speaks: spokenTo(row),
    baseUrl: row.baseUrl,
    model: row.model,
    hasKey: row.apiKey !== null,
    ...(configure ? settingsOf(ctx, row) : hidden),
    timeoutMs: row.timeoutMs,
    priceIn: row.priceIn,
    priceOut: row.priceOut,
    contextWindow: row.contextWindow,
    abilities: { tools: row.tools, images: row.images, reasoning: row.reasoning },
    toolProtocol: row.toolProtocol,
    visibility: row.visibility,
    createdBy: row.createdBy,
    createdAt: builtIn ? null : row.createdAt,
    updatedAt: builtIn ? null : row.updatedAt,
    can: { use: may(ctx, 'model.use', resource), configure },
  };
}
