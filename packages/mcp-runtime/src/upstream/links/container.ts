import type { ContainerLaunch } from '../../types.ts';
import { LinkError, type Link, type LinkContext, type LinkEvents } from '../link.ts';
import type { ContainerEngine, RunningContainer } from './container-engine.ts';
import { openHttpContainer, type OpenRemote } from './container-http.ts';
import { openStdioContainer } from './container-stdio.ts';

/** Starts a server in a container of its own and opens a link to it. */
export async function openContainer(
  launch: ContainerLaunch,
  context: LinkContext,
  events: LinkEvents,
  ways: { engine: ContainerEngine; openRemote: OpenRemote },
): Promise<Link> {
  const container = await start(launch, context, events, ways.engine);
  if (context.signal.aborted) {
    await container.remove({ lost: false });
    throw new LinkError('closed', 'The start was given up.');
  }
  return launch.transport.kind === 'stdio'
    ? openStdioContainer(container, launch, context, events)
    : await openHttpContainer(container, launch, context, events, ways.openRemote);
}

async function start(
  launch: ContainerLaunch,
  { serverId, instance, signal }: LinkContext,
  events: LinkEvents,
  engine: ContainerEngine,
): Promise<RunningContainer> {
  function progress(text: string) {
    events.log('info', 'hub', text);
  }
  try {
    return await engine.open({ launch, serverId, instance, signal, progress });
  } catch (error) {
    if (signal.aborted) throw new LinkError('closed', 'The start was given up.', { cause: error });
    const message = error instanceof Error ? error.message : String(error);
    throw new LinkError('unreachable', message, { cause: error });
  }
}
