import type { z } from 'zod';
import type { Ctx } from '@switchboard/core';
import type {
  ClaudeAnswer as Answer,
  ClaudeChat,
  ClaudeConfig as Config,
  ClaudeRequest,
} from '@switchboard/core/claude/schema';
import type { ContainerDetails, CreateContainer, StatsOf } from '@switchboard/core/containers/schema';
import type { StackService } from '@switchboard/core/stacks/schema';
import type { User } from '@switchboard/core/users/schema';
import type {
  AccountUser,
  ClaudeAnswer,
  ClaudeChatBody,
  ClaudeConfig,
  ClaudeResult,
  ComposeStatus,
  CreateContainerBody,
  WireContainer,
  WireStats,
} from './wire.ts';

export function toAccountUser(user: User): AccountUser {
  return {
    id: user.id,
    username: user.username,
    email: user.email,
    full_name: user.fullName,
    disabled: user.disabled,
    created_at: user.createdAt.toISOString(),
  };
}

/** The account of a caller at an open hub: an admin without an account of its own. */
export function localAccount({ policy }: Pick<Ctx, 'policy'>): AccountUser {
  return {
    id: 'local',
    username: 'admin',
    email: null,
    full_name: null,
    disabled: false,
    created_at: new Date(policy.startedAt).toISOString(),
  };
}

/** The engine counts nanoseconds, which many parsers of dates refuse. */
function inMilliseconds(time: string): string {
  return time.replace(/(\.\d{3})\d{1,6}(?=Z|[+-])/, '$1');
}

export function toWireContainer(container: ContainerDetails): WireContainer {
  return {
    id: container.id,
    name: container.name,
    image: container.image,
    status: container.status,
    created: inMilliseconds(container.created),
    ports: container.ports,
    volumes: container.mounts.map(({ source, target, type }) => ({ source, target, type })),
    environment: container.environment,
  };
}

/** The same without what is null or left out. */
function given<Value extends object>(value: Value) {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null && entry !== undefined)) as {
    [Key in keyof Value]?: NonNullable<Value[Key]>;
  };
}

function fromWireVolumes(volumes: NonNullable<CreateContainerBody['volumes']>) {
  return Object.fromEntries(
    Object.entries(volumes).map(([source, target]) => {
      const isBind = typeof target === 'object' && 'bind' in target;
      return [source, isBind ? `${target.bind}:${target.mode ?? 'rw'}` : target];
    }),
  );
}

export function fromWireCreate(body: CreateContainerBody): z.input<typeof CreateContainer> {
  const { working_dir, read_only, cap_add, cap_drop, limits, image, start, pull, volumes, env: _env, ...rest } = body;
  const { memory, ...bounds } = limits ?? {};
  return {
    ...given(rest),
    ...(volumes && { volumes: fromWireVolumes(volumes) }),
    image,
    start,
    pull,
    ...given({ workingDir: working_dir, readOnly: read_only, capAdd: cap_add, capDrop: cap_drop }),
    ...(limits && { limits: given({ ...bounds, memoryBytes: memory }) }),
  };
}

export function toWireStats({ stats }: StatsOf): WireStats {
  return {
    time: stats.time,
    cpu_percent: stats.cpuPercent,
    cpus: stats.cpus,
    memory_bytes: stats.memoryBytes,
    memory_limit_bytes: stats.memoryLimitBytes,
    network_received_bytes: stats.networkReceivedBytes,
    network_sent_bytes: stats.networkSentBytes,
    block_read_bytes: stats.blockReadBytes,
    block_written_bytes: stats.blockWrittenBytes,
    pids: stats.pids,
  };
}

export function toComposeStatus(found: { services: readonly StackService[]; isRunning: boolean }): ComposeStatus {
  return {
    services: Object.fromEntries(
      found.services.map(({ name, status, running, containers }) => [
        name,
        { id: containers[0]?.id ?? null, status, running },
      ]),
    ),
    is_running: found.isRunning,
  };
}

export function toClaudeConfig({ models, defaultModel, maxTokens }: Config): ClaudeConfig {
  return {
    available_models: models,
    default_model: defaultModel ?? '',
    max_tokens_limit: maxTokens,
    api_status: defaultModel === null ? 'unavailable' : 'available',
  };
}

export function fromClaudeChat({ prompt, model, temperature, ...input }: ClaudeChatBody): ClaudeChat {
  return {
    prompt,
    model,
    temperature,
    maxTokens: input.max_tokens_to_sample,
    topP: input.top_p,
    topK: input.top_k,
    dockerContext: input.docker_context,
  };
}

export function toClaudeAnswer({ completion, stopReason, model }: Answer): ClaudeAnswer {
  return { completion, stop_reason: stopReason, model };
}

export function toClaudeResult(request: ClaudeRequest): ClaudeResult {
  const { id, state, completion, stopReason, model, error, createdAt, completedAt } = request;
  return {
    request_id: id,
    status: state,
    ...(state === 'completed' && { completion: completion ?? '', stop_reason: stopReason ?? '', model: model ?? '' }),
    ...(state === 'failed' && { error: error ?? '' }),
    created_at: createdAt.toISOString(),
    completed_at: completedAt?.toISOString() ?? null,
  };
}
