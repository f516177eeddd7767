import type { ContainerLaunch } from '@switchboard/mcp-runtime/types';
import { filled, type ExportParts, type Kind, type LaunchParts } from './kind.ts';

/** A container of an engine; what it may reach is asked of its settings (`confine.ts`). */
export const container: Kind = {
  fields: ['command', 'args', 'env', 'cwd', 'headers', 'container', 'secrets'],
  needs: { field: 'container', hint: 'is required for a container server: give at least its image' },
  has: 'a container server has an image',
  // Configs declare it by their key `container`.
  words: [],
  place: 'engine',
  isolation: 'user',
  right: null,
  transport: (settings) => {
    if (settings?.transport.kind !== 'http') return 'stdio';
    return settings.transport.sse ? 'sse' : 'streamable-http';
  },
  launch: launchOf,
  config: configOf,
};

function launchOf({ container: kept, command, args, env, cwd, headers, secrets }: LaunchParts): ContainerLaunch {
  if (!kept) throw new Error('The server has no container settings.');
  const { transport, entrypoint, user, swarm } = kept;
  return {
    kind: 'container',
    engine: kept.engine,
    authority: kept.authority,
    image: kept.image,
    command: command === null ? args : [command, ...args],
    env,
    secrets,
    transport: transport.kind === 'http' ? { ...transport, headers } : transport,
    network: kept.network,
    volumes: kept.volumes,
    limits: kept.limits,
    readOnly: kept.readOnly,
    pull: kept.pull,
    ...(entrypoint !== null && { entrypoint }),
    ...(user !== null && { user }),
    ...(cwd !== null && { workingDir: cwd }),
    ...(swarm !== null && { swarm }),
  };
}

/**
 * The config that clients can run by themselves where possible, and beside it all fields that this hub needs to import
 * it again.
 */
function configOf({
  container: kept,
  command,
  args,
  env,
  cwd,
  headers,
  secrets,
}: ExportParts): Record<string, unknown> {
  if (!kept) throw new Error('The server has no container settings.');
  const { process: _process, authority: _authority, ...settings } = kept;
  const words = command === null ? args : [command, ...args];
  const names = Object.keys(env).flatMap((name) => ['-e', name]);
  return {
    ...(settings.transport.kind === 'stdio' && {
      command: 'docker',
      args: ['run', '-i', '--rm', ...names, settings.image, ...words],
    }),
    ...filled({ env }),
    container: {
      ...settings,
      ...(command !== null && { command }),
      ...(cwd !== null && { cwd }),
      ...filled({ args, env, headers, secrets }),
    },
  };
}
