import type { ContainerInfo } from '@switchboard/docker';
import { projectLabel, serviceLabel } from '@switchboard/docker/rules';
import { requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { engineOf } from '../engines/owner.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { requireStack } from '../stacks/queries.ts';
import { inTransaction, verb } from '../verb.ts';
import { rowOf } from './draft.ts';
import { ServerFromService, type Server } from './schema.ts';
import { insertServer } from './verbs.ts';
import { toServer } from './view.ts';

const wildcards = new Set(['', '0.0.0.0', '::']);

/** The machine that an engine's published ports are on. */
function machineOf(host: string): string {
  if (host.startsWith('unix:') || host.startsWith('/')) return '127.0.0.1';
  return URL.canParse(host) ? new URL(host).hostname : '127.0.0.1';
}

/** The published address of a container's port; null where it is not published. */
function publishedAt({ ports }: ContainerInfo, port: number, engineHost: string): string | null {
  const [binding] = ports[`${port}/tcp`] ?? [];
  if (!binding) return null;
  const host = wildcards.has(binding.HostIp) ? machineOf(engineHost) : binding.HostIp;
  return `${host.includes(':') ? `[${host}]` : host}:${binding.HostPort}`;
}

async function runningContainer(ctx: Ctx, engine: string, project: string, service: string): Promise<ContainerInfo> {
  const labels = [`${projectLabel}=${project}`, `${serviceLabel}=${service}`];
  const { containers } = engineOf(ctx, engine).engine;
  const [found] = await containers.list({ labels, signal: ctx.signal });
  if (found) return found;
  throw new DomainError('precondition', say('serviceNotStarted', { service }));
}

/** Makes a server of a stack's service that speaks MCP on a port it publishes. */
export const serverFromService = verb(
  { name: 'server.create', access: 'write', input: ServerFromService, tx: false },
  async (ctx, { stackId, service, port, path, sse, ...about }): Promise<Server> => {
    requireRight(ctx, 'stack.read');
    const stack = await requireStack(ctx, stackId);
    const { engine } = engineOf(ctx, stack.engine);
    const container = await runningContainer(ctx, stack.engine, stack.project, service);
    const address = publishedAt(container, port, engine.host);
    if (address === null) {
      throw invalidField('port', say('portNotPublished', { port, service }));
    }
    const row = rowOf(ctx, {
      name: about.name ?? service,
      ...(about.id !== undefined && { id: about.id }),
      description: `Service ${service} of the stack ${stack.project}.`,
      kind: sse ? 'sse' : 'streamable-http',
      url: `http://${address}${path}`,
    });
    // The address is not the actor's choice: it is that of a service which is.
    const stored = await inTransaction(ctx, (tx) => insertServer(tx, { ...row, allowPrivate: true }));
    return toServer(ctx, stored);
  },
);
