import { z } from 'zod';

/** Shapes of the servers of the agents API as documented. */

const serverName = z.string().min(1).max(256);
export const ByServerName = z.object({ server_name: serverName.meta({ description: 'Id of a server' }) });

export const spellings = ['stdio', 'sse', 'streamable_http'] as const;
const values = z.record(z.string(), z.string());

export const ConfigEntry = z
  .object({
    transportType: z.enum(spellings),
    command: z.string().optional(),
    args: z.array(z.string()).optional(),
    env: values.optional().meta({ description: 'Secret values are `***`' }),
    cwd: z.string().optional(),
    url: z.string().optional(),
    headers: values.optional().meta({ description: 'Values are `***`' }),
    disabled: z.boolean(),
    timeout: z.number().meta({ description: 'Seconds that a call may take' }),
  })
  .meta({ id: 'AgentsServerConfig' });

export const ConfigAnswer = z.object({ mcpServers: z.record(z.string(), ConfigEntry) });

const ServerState = z
  .object({
    connected: z.boolean().meta({ description: 'Whether it runs' }),
    init_attempted: z.boolean().meta({ description: 'Whether it was started since the hub is there' }),
    tools: z.array(z.string()).meta({ description: 'Names of those that are switched on, as last known' }),
    error: z.string().nullable().meta({ description: 'Why it does not run; null: nothing failed' }),
    transport_type: z.enum(spellings),
  })
  .meta({ id: 'AgentsServerState' });

/** By server. */
export const StatusAnswer = z.record(z.string(), ServerState);

const ListedTool = z
  .object({ name: z.string(), description: z.string(), input_schema: z.record(z.string(), z.unknown()) })
  .meta({ id: 'AgentsTool' });
export const ToolsAnswer = z.record(z.string(), z.array(ListedTool));

const names = z.array(z.string());

export const ConnectAnswer = z.object({
  status: z.literal('success'),
  server: z.string().meta({ description: 'As it was asked for' }),
  message: z.string(),
  tools: names.optional().meta({ description: 'Of one server' }),
  summary: z
    .object({
      total_servers: z.int().meta({ description: 'Servers that the caller may start and that are not disabled' }),
      successful_connections: z.int().meta({ description: 'Those that were started now' }),
      failed_connections: z.int().meta({ description: 'Those that did not start' }),
      already_connected: z.int().meta({ description: 'Those that ran before' }),
    })
    .optional()
    .meta({ description: 'Of all servers' }),
  servers: z
    .record(z.string(), z.object({ connected: z.boolean(), error: z.string().nullable() }))
    .optional()
    .meta({ description: 'Of all servers' }),
});

export const DisconnectAnswer = z.object({
  status: z.literal('success'),
  server: z.string(),
  message: z.string(),
});

export const TestToolBody = z.object({
  server_name: serverName.meta({ description: 'Id of a server' }),
  tool_name: z.string().min(1).max(2_000).meta({ description: 'As the server calls it' }),
  params: z.record(z.string(), z.unknown()).default({}).meta({ description: 'What the tool takes' }),
});

export const TestToolAnswer = z.object({
  status: z.enum(['success', 'error']),
  server_name: z.string(),
  tool_name: z.string(),
  params: z.record(z.string(), z.unknown()).meta({ description: 'As they were given' }),
  result: z.unknown().optional().meta({ description: 'The text of the result; where it has none, its content' }),
  error: z.string().optional().meta({ description: 'Why it failed' }),
  execution_time: z.number().meta({ description: 'Seconds' }),
});

const GivenEntry = z
  .looseObject({
    transportType: z
      .string()
      .optional()
      .meta({ description: '`stdio`, `sse`, `streamable_http`, or as clients say it' }),
    command: z.unknown().optional().meta({ description: 'A program; where `args` is empty, a line of words' }),
    timeout: z.number().min(1).max(3_600).optional().meta({ description: 'Seconds that a call may take' }),
  })
  .meta({ id: 'AgentsGivenServer' });

export const ConfigBody = z.object({
  mcpServers: z.record(z.string().min(1).max(256), GivenEntry).meta({ description: 'Servers by name' }),
});

const outcome = {
  status: z.enum(['success', 'partial_success', 'no_changes', 'error']),
  message: z.string(),
};
const skipped = z.record(z.string(), z.string()).meta({ description: 'Why some were refused, by name' });

export const AddAnswer = z.object({
  ...outcome,
  added_servers: names,
  duplicate_servers: names.meta({ description: 'Names that are taken; what is there stays as it is' }),
  skipped_servers: skipped,
});

export const RemoveBody = z.object({
  names: z.array(serverName).max(500).meta({ description: 'Ids of servers' }),
});

export const RemoveAnswer = z.object({
  ...outcome,
  removed_servers: names,
  not_found_servers: names,
  skipped_servers: skipped,
});

export const RegisterBody = z.object({
  folder_name: z.string().meta({ description: 'Its name: 1 to 64 letters, digits, `_` or `-`' }),
  script_files: z
    .record(z.string(), z.string())
    .meta({ description: 'Texts by relative path, at most 64 and 1,048,576 characters in all' }),
  readme: z.string().meta({ description: 'What it is, as Markdown' }),
  dependencies: z.string().meta({ description: 'Packages with their versions, separated by blanks' }),
});

export const RegisterAnswer = z.object({ status: z.literal('success'), message: z.string() });

export const GeneratedNames = z.array(z.string());
