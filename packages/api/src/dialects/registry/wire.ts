import { z } from 'zod';
import { ContainerSettings, serverKinds, Slug } from '@switchboard/core/servers/schema';
import { PhaseCounts } from '../kit/server-counts.ts';

/** Shapes of the registry API as documented, with the fields that this hub adds. */

export function success<Data extends z.ZodType>(data: Data) {
  return z.object({ success: z.literal(true), data });
}

const Phase = z.enum(['starting', 'running', 'stopping', 'stopped', 'error']);
const Status = z.object({ phase: Phase, message: z.string() });
const moment = z.iso.datetime().nullable();
const lastUse = moment.meta({ description: 'When it was last used; null: not since the hub started' });

export const RegistryTool = z.object({ name: z.string(), description: z.string() });
export const RegistryToolDetail = RegistryTool.extend({ inputSchema: z.record(z.string(), z.unknown()) });

export const RegistryServer = z.object({
  id: z.string(),
  status: Status,
  tools: z.array(RegistryTool).meta({ description: 'Those that are switched on' }),
  lastActivity: moment.meta({ description: 'When it was last used, else when it started; null: neither' }),
});

export const RegistryServerList = success(z.array(RegistryServer)).extend({
  meta: z.object({
    total: z.int().meta({ description: 'Servers in `data`: all of them' }),
    timestamp: z.iso.datetime(),
  }),
});

export const RegistryServerDetail = RegistryServer.extend({ tools: z.array(RegistryToolDetail) });

export const RegisterServer = z
  .object({
    id: Slug.meta({ description: 'Also its name: 1 to 32 letters, digits, `-` or single `_`' }),
    type: z.enum(serverKinds, 'must be stdio, sse or streamable-http, or container'),
    command: z.string().optional().meta({ description: 'Required for stdio' }),
    args: z.array(z.string(), 'must be a list of strings').optional(),
    env: z.record(z.string(), z.string()).optional().meta({ description: 'A value is a text; null is refused' }),
    url: z.string().optional().meta({
      description:
        'For sse and streamable-http, instead of command; an address that the hub may not reach fails the start',
    }),
    headers: z.record(z.string(), z.string()).optional(),
    container: ContainerSettings.optional().meta({ description: 'For container: at least its image' }),
    secrets: z.record(z.string(), z.string()).optional().meta({ description: 'Files in the container' }),
  })
  .superRefine((input, context) => {
    if (input.type !== 'stdio' || (input.command ?? '').trim() !== '') return;
    context.addIssue({ code: 'invalid_type', expected: 'string', input: undefined, path: ['command'] });
  });
export type RegisterServer = z.infer<typeof RegisterServer>;

export const serverPath = { serverId: z.string().meta({ description: 'Server id' }) };
export const ByServer = z.object(serverPath);
export const Done = success(z.object({ serverId: z.string(), message: z.string() }));

export const ServerStatusAnswer = success(
  z.object({
    serverId: z.string(),
    status: Status.extend({
      startedAt: moment.meta({ description: 'null: it does not run' }),
      uptime: z.int().nullable().meta({ description: 'Seconds; null: it does not run' }),
      error: z.string().nullable().meta({ description: 'Why its last start failed; null: it did not' }),
    }),
  }),
);

export const ToolList = success(
  z.object({
    serverId: z.string(),
    tools: z.array(RegistryToolDetail),
    count: z.int().meta({ description: 'Tools in `tools`' }),
  }),
);

const ToolArguments = z.record(z.string(), z.unknown());

export const CallServerTool = z.object({
  ...serverPath,
  toolName: z.string().meta({ description: 'As the server calls it' }),
  arguments: ToolArguments.default({}).meta({ description: 'What the tool takes' }),
});

export const CallTool = z.object({
  toolName: z.string().min(1).meta({ description: '`tool`, `server/tool` or `server__tool`' }),
  arguments: ToolArguments.optional(),
});

export const ToolResult = success(
  z.object({
    success: z.boolean().meta({ description: 'False where the tool ran and said that it failed' }),
    content: z.string().meta({ description: 'The text of the result' }),
    contents: z.array(z.unknown()).meta({
      description:
        'The result as the tool gave it: blocks of MCP content, as `{"type": "text", "text": "…"}`, `image`, `audio`, `resource` or `resource_link`',
    }),
    structuredContent: z
      .unknown()
      .optional()
      .meta({ description: 'Where the tool has an output schema: the object that fits it' }),
    isError: z.boolean(),
    duration: z.number().meta({ description: 'Milliseconds that the call took' }),
    metadata: z.object({ toolType: z.literal('mcp'), source: z.string(), serverId: z.string(), toolName: z.string() }),
  }),
);

export const StatisticsAnswer = success(
  z.object({
    servers: PhaseCounts,
    tools: z.object({ total: z.int().meta({ description: 'Tools of these servers that are switched on' }) }),
    uptime: z.int().meta({ description: 'Seconds since the hub started' }),
  }),
);

const HealthDetail = z.object({
  status: Phase,
  toolCount: z.int().meta({ description: 'Tools that it lists' }),
  error: z.string().optional().meta({ description: 'Where it is not healthy: why' }),
  healthy: z.boolean(),
  uptime: z.int().nullable().meta({ description: 'Seconds; null: it does not run' }),
  lastActivity: lastUse,
});

export const HealthAnswer = z.object({
  success: z.boolean(),
  data: z.object({ healthy: z.boolean(), details: z.record(z.string(), HealthDetail) }),
});
