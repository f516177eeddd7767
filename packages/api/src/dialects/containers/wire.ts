import { z } from 'zod';
import { ClaudeChat, ClaudeQuestion, ClaudeRequestById } from '@switchboard/core/claude/schema';
import { ContainerLimits, CreateContainer, pullPolicies } from '@switchboard/core/containers/schema';
import { StackText } from '@switchboard/core/stacks/schema';
import { Register } from '@switchboard/core/users/schema';
import { wholeNumber } from '../kit/words.ts';

/** Shapes of the containers API as documented. */

export const RegisterBody = z.object({
  username: Register.shape.username,
  password: Register.shape.password,
  email: Register.shape.email,
  full_name: Register.shape.fullName,
});

export const AccountUser = z
  .object({
    id: z.string(),
    username: z.string(),
    email: z.string().nullable().meta({ description: 'null: none was given' }),
    full_name: z.string().nullable().meta({ description: 'null: none was given' }),
    disabled: z.boolean().meta({ description: 'true: it cannot sign in' }),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'ContainersUser' });
export type AccountUser = z.infer<typeof AccountUser>;

const optionalText = z.string().optional();

/** OAuth 2's password form; `mfa_code` is for accounts with a second factor. */
export const TokenForm = z.object({
  username: z.string().min(1).max(256),
  password: z.string().min(1).max(1_024),
  grant_type: z.literal('password').optional(),
  scope: optionalText,
  client_id: optionalText,
  client_secret: optionalText,
  mfa_code: z.string().max(16).optional().meta({ description: 'For accounts with a second factor' }),
});

export const Token = z.object({
  access_token: z.string().meta({ description: 'Lasts 30 minutes' }),
  token_type: z.literal('bearer'),
});

export const WireContainer = z
  .object({
    id: z.string(),
    name: z.string(),
    image: z.string(),
    status: z
      .string()
      .meta({ description: 'The word of the engine: created, running, paused, restarting, exited, dead' }),
    created: z.string(),
    ports: z.record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() }))).meta({
      description: 'By port and protocol in the container, as `80/tcp`; while it does not run, those it was made with',
    }),
    volumes: z.array(z.object({ source: z.string(), target: z.string(), type: z.string() })),
    environment: z
      .record(z.string(), z.string())
      .meta({ description: 'As the container has it, with what its image sets; nothing is masked' }),
  })
  .meta({ id: 'ContainersContainer' });
export type WireContainer = z.infer<typeof WireContainer>;

export const ByContainer = z.object({
  container_id: z.string().min(1).max(512).meta({ description: 'Id, beginning of an id, or name' }),
});

const { shape } = CreateContainer;
const Limits = ContainerLimits.shape;

/** A volume as docker-py and its users write it. */
const Bind = z.object({ bind: z.string().max(4_096), mode: z.string().max(16).exactOptional() });
const target = {
  error: 'has to be a path in the container ("/data", "/data:ro"), a list of them, or {"bind": "/data", "mode": "ro"}',
};

/** The fields that the document shows, in every harmless form; below them the fields that this hub adds. */
export const CreateContainerBody = z.object({
  image: shape.image,
  name: shape.name,
  ports: shape.ports.meta({
    description:
      'By port of the container (`80/tcp`): `8080`, `127.0.0.1:8080`, a list of them, or null for any free one',
  }),
  volumes: z
    .record(
      z.string().max(4_096),
      z.union([z.string().max(4_096), z.array(z.string().max(4_096)).max(64), Bind], target),
    )
    .exactOptional()
    .meta({
      description:
        'By host path or name of a volume: where in the container (`/data`, `/data:ro`), a list, or `{"bind": "/data", "mode": "ro"}`',
    }),
  environment: shape.environment.meta({
    description:
      'By name: a text, a number or a boolean; null: not set, also where the image sets it. Not called `env` here',
  }),
  env: z.never({ error: 'is not known here: send it as "environment"' }).optional(),
  command: shape.command.meta({ description: 'Words, or a text that is split as a shell would split it' }),
  start: z.boolean().default(false).meta({ description: 'Starts it too' }),
  pull: z.enum(pullPolicies).default('missing').meta({ description: 'When its image is fetched' }),
  entrypoint: shape.entrypoint.meta({ description: 'As `command`; without it that of the image' }),
  working_dir: shape.workingDir,
  user: shape.user,
  tty: shape.tty,
  labels: shape.labels,
  network: shape.network.meta({ description: 'Name of a network, or `none`, `host`, `bridge`' }),
  restart: shape.restart.meta({ description: '`no`, `always`, `unless-stopped`, `on-failure` or `on-failure:3`' }),
  limits: z
    .object({
      cpus: Limits.cpus.meta({ description: '0.5 is half of one CPU' }),
      memory: Limits.memoryBytes.meta({ description: 'Bytes' }),
      pids: Limits.pids.meta({ description: 'Processes and threads' }),
    })
    .exactOptional(),
  read_only: shape.readOnly,
  init: shape.init,
  privileged: shape.privileged,
  cap_add: shape.capAdd,
  cap_drop: shape.capDrop,
  devices: shape.devices,
});
export type CreateContainerBody = z.infer<typeof CreateContainerBody>;

export const RemoveQuery = ByContainer.extend({
  force: z.stringbool().default(false).meta({ description: 'Removes it though it runs' }),
});

export const LogsQuery = ByContainer.extend({
  tail: wholeNumber(0, 1_000_000)
    .default(100)
    .meta({ description: 'Lines from the end, at most 1,000,000; with `follow` at most 10,000' }),
  since: z.string().max(64).optional().meta({ description: 'A time (2024-01-31T12:00:00Z), or seconds since 1970' }),
  until: z.string().max(64).optional().meta({ description: 'As `since`' }),
  timestamps: z.stringbool().default(true).meta({ description: 'Begins each line with its time' }),
  follow: z.stringbool().default(false).meta({ description: 'Keeps the answer open as server-sent events' }),
});
export const WireLogs = z.object({ logs: z.string() });
export type WireLogs = z.infer<typeof WireLogs>;

export const FileQuery = ByContainer.extend({
  path: z.string().min(1).max(4_096).meta({ description: 'Absolute, in the container' }),
  engine: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .meta({ description: 'Name of the engine; the default one where not given' }),
});

export const StatsQuery = ByContainer.extend({
  stream: z.stringbool().default(true).meta({ description: 'false: one reading as JSON' }),
});
export const WireStats = z
  .object({
    time: z.string(),
    cpu_percent: z.number().meta({ description: 'Of one CPU: two CPUs in full use are 200' }),
    cpus: z.number().meta({ description: 'CPUs of the machine' }),
    memory_bytes: z.number().meta({ description: 'Without the cache of files' }),
    memory_limit_bytes: z.number().meta({ description: 'Without a limit: the memory of the machine' }),
    network_received_bytes: z.number().meta({ description: 'Since it started' }),
    network_sent_bytes: z.number().meta({ description: 'Since it started' }),
    block_read_bytes: z.number().meta({ description: 'Since it started' }),
    block_written_bytes: z.number().meta({ description: 'Since it started' }),
    pids: z.number().meta({ description: 'Processes and threads' }),
  })
  .meta({ id: 'ContainersStats' });
export type WireStats = z.infer<typeof WireStats>;

export const ComposeBody = z.object({
  content: StackText.shape.content.meta({ description: 'The text of a Compose file' }),
  path: StackText.shape.path.meta({
    description: 'Where its files are kept, below the folder of stacks; one path is one stack',
  }),
});
export const ComposeDone = z.object({
  status: z.literal('success'),
  message: z.string(),
  project: z.string().meta({ description: 'The name of the project on the engine' }),
});
export const ComposeStatus = z.object({
  services: z.record(
    z.string(),
    z.object({
      id: z.string().nullable().meta({ description: 'Of its first container; null: there is none' }),
      status: z.string(),
      running: z.boolean(),
    }),
  ),
  is_running: z.boolean().meta({ description: 'Whether all services do what they should' }),
});
export type ComposeStatus = z.infer<typeof ComposeStatus>;

export const ClaudeConfig = z
  .object({
    available_models: z.array(z.string()).meta({ description: 'Those that you may ask' }),
    default_model: z.string().meta({ description: 'Answers where no model is named; empty: there is none' }),
    max_tokens_limit: z.number().meta({ description: 'Most tokens of an answer; more are not asked for' }),
    api_status: z.enum(['available', 'unavailable']).meta({ description: 'Whether there is a model that you may ask' }),
  })
  .meta({ id: 'ClaudeConfig' });
export type ClaudeConfig = z.infer<typeof ClaudeConfig>;

const chat = ClaudeChat.shape;

export const ClaudeChatBody = z.object({
  prompt: chat.prompt,
  model: chat.model.meta({
    description: 'Without it, and for one that is not offered, the default; a retired name means its successor',
  }),
  max_tokens_to_sample: chat.maxTokens.meta({ description: 'Most tokens of the answer; at most `max_tokens_limit`' }),
  temperature: chat.temperature.meta({ description: 'Without it and `top_p`: 0.7' }),
  top_p: chat.topP.meta({ description: 'Newer models take it only without `temperature`' }),
  top_k: chat.topK.meta({ description: 'Sent on where it is given' }),
  docker_context: chat.dockerContext.meta({
    description:
      'Whether the model is told which containers and images you see on the default engine; where that takes longer than a second, it is not',
  }),
});
export type ClaudeChatBody = z.output<typeof ClaudeChatBody>;

export const ClaudeAnswer = z
  .object({
    completion: z.string(),
    stop_reason: z
      .string()
      .meta({ description: '`end_turn`, `max_tokens`, `refusal`, or another word of the provider' }),
    model: z.string().meta({ description: 'The model that answered' }),
  })
  .meta({ id: 'ClaudeAnswer' });
export type ClaudeAnswer = z.infer<typeof ClaudeAnswer>;

export const ClaudeLaterBody = ClaudeChatBody.extend({
  callback_url: ClaudeQuestion.shape.callbackUrl.meta({
    description:
      'Where the answer is posted, under the rules of addresses for remote servers; tried six times at most until a status under 300 comes',
  }),
});

export const ClaudeAsked = z.object({
  status: z.literal('processing'),
  request_id: z.string(),
  message: z.string(),
  callback_secret: z.string().optional().meta({
    description: 'With `callback_url`: signs the post (Standard Webhooks, HMAC-SHA256); told only here',
  }),
});

export const ByRequest = z.object({
  request_id: ClaudeRequestById.shape.id.meta({ description: 'Of the answer to `POST /api/claude/chat/async`' }),
});

export const ClaudeResult = z
  .object({
    request_id: z.string(),
    status: z.enum(['processing', 'completed', 'failed']),
    completion: z.string().optional().meta({ description: 'Where it is completed' }),
    stop_reason: z.string().optional().meta({ description: 'Where it is completed' }),
    model: z.string().optional().meta({ description: 'The model that answered, where it is completed' }),
    error: z.string().optional().meta({ description: 'Why there is no answer, where it failed' }),
    created_at: z.string(),
    completed_at: z.string().nullable().meta({ description: 'null: it is processing' }),
  })
  .meta({ id: 'ClaudeResult' });
export type ClaudeResult = z.infer<typeof ClaudeResult>;
