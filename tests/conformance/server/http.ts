import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  type McpHttpHandler,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import { serveEras } from '../../support/mcp/eras.ts';
import { listenWeb } from '../../support/mcp/node-web.ts';
import { createReference } from './reference.ts';

export interface RunningReference extends AsyncDisposable {
  url: string;
  sessions(): number;
  close(): Promise<void>;
}

/** Serves the reference on one loopback URL, to loopback names only. */
export async function startReference(port = 0): Promise<RunningReference> {
  let modern: McpHttpHandler | undefined;
  const reference = createReference({
    toolsChanged: () => modern?.notify.toolsChanged(),
    promptsChanged: () => modern?.notify.promptsChanged(),
  });
  modern = createMcpHandler(reference.create, { legacy: 'reject' });
  const handler = serveEras({
    modern,
    legacy: () => reference.create({ era: 'legacy' }).server,
    forget: reference.forget,
  });
  const listening = await listenWeb(async (request) => {
    const refused =
      hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
      originValidationResponse(request, localhostAllowedOrigins());
    return refused ?? handler.fetch(request);
  }, port);

  async function close(): Promise<void> {
    await handler.close();
    await listening.close();
  }
  return { url: `${listening.origin}/mcp`, sessions: handler.sessions, close, [Symbol.asyncDispose]: close };
}
