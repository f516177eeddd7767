import type { Launch } from '../../../mcp-runtime/src/types.ts';
import { createLinks } from '../../../mcp-runtime/src/upstream/links/index.ts';
import { openTestLink } from '../../../mcp-runtime/src/upstream/links/testing.ts';
import type { StartServer } from '../launch.ts';

type ContainerLaunch = Extract<Launch, { kind: 'container' }>;

/** A server to start in a test, closed in but for the change. */
export function testLaunch(image: string, change: Partial<ContainerLaunch> = {}): ContainerLaunch {
  const transport = { kind: 'stdio' } as const;
  return { kind: 'container', image, command: [], env: {}, transport, network: { kind: 'none' }, ...change };
}

/** The runtime's own links to what a launcher starts. */
export function linksTo(open: StartServer) {
  const links = createLinks({ process: { path: '/usr/bin:/bin', home: '/tmp' }, containers: { open } });
  return {
    open: (launch: ContainerLaunch, options: Parameters<typeof openTestLink>[2] = {}) =>
      openTestLink(links.open, launch, options),
    close: links.close,
  };
}
