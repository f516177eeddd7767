import type { JsonObject, Tool } from '@switchboard/agents';
import { nameTools, type ToolOutcome } from '@switchboard/agents/chat';
import { isObject } from '@switchboard/basics';
import type { Ask, EndpointSelection, ExposedItem, SelectedServer } from '@switchboard/mcp-runtime/types';
import { runtimeCredentialOf } from '../access/credential.ts';
import type { Ctx } from '../context.ts';
import { isDomainError, messageOf } from '../errors.ts';
import { findServer } from '../servers/queries.ts';
import type { CallDetail, ChosenTools } from './schema.ts';
import { contentOf, keptStructured, withoutSecrets } from './tool-result.ts';

/** How the hub names the endpoint of conversations in its records. */
const endpoint = 'chat';
/** How long a server is waited for whose tools nobody knows yet. */
const firstLookMs = 10_000;
const mostTools = 2_048;
const longestFailure = 8_000;
const inDoubt = 'Nobody knows whether the call was made. It is not to be made again unless a person says so.';
const clientName = 'switchboard-chat';

/** A tool that a model is offered. */
export interface OpenedTool {
  /** The name of the tool for the model. */
  name: string;
  item: ExposedItem;
  title: string | null;
  readOnly: boolean;
  destructive: boolean;
  /** May be called a second time where nobody knows whether it was called. */
  repeatable: boolean;
  app: string | null;
}

export interface CallFrom {
  tool: OpenedTool;
  args: JsonObject;
  signal: AbortSignal;
  via: string;
  requestId: string;
  ask: Ask | null;
  onProgress: (progress: JsonObject) => void;
}

/** The tools of what was chosen, as far as the actor may use them. */
export interface OpenedTools {
  offered: readonly Tool[];
  all: readonly OpenedTool[];
  find(name: string): OpenedTool | null;
  /** Calls one by the rights that the actor has at that moment. */
  call(from: CallFrom): Promise<ToolOutcome & { detail: CallDetail }>;
}

function isTrue(value: unknown): boolean {
  return value === true;
}

function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The chosen servers that the actor may use now; named ones that do not exist are left out. */
export async function selectChosen(ctx: Ctx, chosen: ChosenTools): Promise<EndpointSelection> {
  const credential = runtimeCredentialOf(ctx.actor);
  const servers = new Map<string, SelectedServer>();
  function add(selection: EndpointSelection | null) {
    for (const server of selection?.servers ?? [])
      if (!servers.has(server.serverId)) servers.set(server.serverId, server);
  }
  for (const name of chosen.servers) {
    // A name that several have is none here.
    const row = await findServer(ctx, name, ['server.read', 'server.use']).catch((error: unknown) => {
      if (isDomainError(error)) return null;
      throw error;
    });
    add(row && ctx.hub.selectServer(credential, row.id));
  }
  for (const group of chosen.groups) add(ctx.hub.select(credential, group));
  return { endpoint, title: 'Chat', prefixed: true, servers: [...servers.values()] };
}

/** Waits for servers that start and whose tools nobody knows yet; what does not start has none. */
export async function awaitCatalogs(ctx: Ctx, { servers }: EndpointSelection, mostMs = firstLookMs): Promise<void> {
  const { runtime } = ctx.hub;
  const unknown = servers.filter(({ serverId }) => runtime.catalog(serverId) === null);
  if (unknown.length === 0) return;
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(mostMs)]);
  await Promise.all(
    unknown.map(({ serverId }) =>
      runtime.until(serverId, ({ phase }) => phase !== 'starting', signal).catch(() => null),
    ),
  );
  ctx.signal.throwIfAborted();
}

function openedTool(name: string, item: ExposedItem): OpenedTool {
  const { definition } = item;
  const hints = object(definition['annotations']);
  const meta = object(definition['_meta']);
  const app = object(meta['ui'])['resourceUri'] ?? meta['ui/resourceUri'];
  const title = definition['title'] ?? hints['title'];
  const readOnly = isTrue(hints['readOnlyHint']);
  return {
    name,
    item,
    title: typeof title === 'string' ? title : null,
    readOnly,
    // A tool without annotations may be destructive (MCP, ToolAnnotations).
    destructive: !readOnly && hints['destructiveHint'] !== false,
    repeatable: readOnly || isTrue(hints['idempotentHint']),
    app: typeof app === 'string' && app.startsWith('ui://') ? app : null,
  };
}

function offeredOf({ name, item: { serverId, definition } }: OpenedTool): Tool {
  const { description, inputSchema } = definition;
  const told = typeof description === 'string' ? description : '';
  return {
    type: 'function',
    function: { name, description: `[${serverId}] ${told}`.trimEnd(), parameters: object(inputSchema) },
  };
}

/** Tools keep their names where these are one tool's alone, and have their server's before them where not. */
function namedItems(items: readonly ExposedItem[]): OpenedTool[] {
  const counts = new Map<string, number>();
  for (const { name } of items) counts.set(name, (counts.get(name) ?? 0) + 1);
  const wanted = items.map(({ exposedName, name }) => ((counts.get(name) ?? 0) > 1 ? exposedName : name));
  const given = nameTools(wanted);
  return items.map((item, at) => openedTool(given[at] ?? item.exposedName, item));
}

/** Looks up what was chosen. */
export async function openTools(ctx: Ctx, chosen: ChosenTools, within: readonly string[] = []): Promise<OpenedTools> {
  const selection = await selectChosen(ctx, chosen);
  await awaitCatalogs(ctx, selection);
  const only = chosen.tools === null ? null : new Set(chosen.tools);
  const items = ctx.hub.runtime
    .exposure(selection)
    .tools.filter(({ serverId, name }) => only?.has(`${serverId}/${name}`) ?? true)
    .slice(0, mostTools);
  const opened = namedItems(items);
  const byName = new Map(opened.map((tool) => [tool.name, tool]));
  return {
    offered: opened.map(offeredOf),
    all: opened,
    find: (name) => byName.get(name) ?? null,
    call: (from) => callTool(ctx, chosen, within, from),
  };
}

async function callTool(
  ctx: Ctx,
  chosen: ChosenTools,
  within: readonly string[],
  from: CallFrom,
): Promise<ToolOutcome & { detail: CallDetail }> {
  const { tool, args, signal, via, requestId, ask, onProgress } = from;
  const { serverId, name, exposedName } = tool.item;
  const startedAt = performance.now();
  function detail(): CallDetail {
    return {
      server: serverId,
      tool: name,
      title: tool.title,
      requestId,
      ms: Math.round(performance.now() - startedAt),
    };
  }
  try {
    const result = await ctx.hub.runtime.call({
      credential: runtimeCredentialOf(ctx.actor),
      // Rights are those of now.
      selection: await selectChosen(ctx, chosen),
      method: 'tools/call',
      params: { name: exposedName, arguments: args, _meta: { progressToken: requestId } },
      via,
      within,
      clientName,
      signal,
      requestId,
      trace: ctx.trace,
      onNotification: ({ method, params }) => {
        if (method === 'notifications/progress') onProgress(params);
      },
      ...(ask && { ask }),
    });
    const safe = withoutSecrets(result, ctx.hub.secretsOf(serverId));
    const { content, isError, cutFrom } = contentOf(safe, name);
    const structured = keptStructured(safe['structuredContent']);
    return {
      content,
      isError,
      detail: {
        ...detail(),
        ...(structured !== undefined && { structured }),
        ...(cutFrom !== null && { cutFrom }),
        ...(tool.app !== null && { app: tool.app }),
      },
    };
  } catch (error) {
    signal.throwIfAborted();
    const why = withoutSecrets(messageOf(error), ctx.hub.secretsOf(serverId));
    const isLost = ctx.hub.runtime.isInDoubt(error);
    const said = `Tool ${name} failed:\n${why}`.slice(0, longestFailure).toWellFormed();
    const content = isLost && !tool.repeatable ? `${said}\n${inDoubt}` : said;
    return { content, isError: true, detail: { ...detail(), ...(isLost && { isLost }) } };
  }
}
