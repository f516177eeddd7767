import { LinkError } from '../../mcp-runtime/src/upstream/link.ts';
import { createLinks } from '../../mcp-runtime/src/upstream/links/index.ts';
import { readComplaints, readMessages, writeMessages } from '../../mcp-runtime/src/upstream/links/stdio-pipes.ts';
import { createMask } from '../../mcp-runtime/src/upstream/mask.ts';
import type { LinkKit } from './launch.ts';

/** The runtime's real parts. */
export function runtimeKit(): LinkKit & { close(): Promise<void> } {
  const links = createLinks({ process: { path: '/usr/bin:/bin', home: '/tmp' } });
  return {
    LinkError,
    readMessages,
    readComplaints,
    writeMessages,
    createMask,
    openRemote: links.open,
    close: links.close,
  };
}
