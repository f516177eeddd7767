import { apps } from '../../extensions.ts';
import { toAbortSignal } from '../../hot/cancellation.ts';
import { RpcError } from '../../rpc.ts';
import type { InProcessCall, JsonObject } from '../../types.ts';
import { asRpcError } from '../../upstream/failures.ts';
import type { Router } from '../calls/router.ts';
import { beginInProcess, failureOf, failureOfResult } from '../calls/spans.ts';
import { toObject, type Call, type Peer } from '../sessions/peer.ts';
import type { Views } from '../views.ts';

/** A person before a page answers whatever a server asks, and is shown its user interfaces. */
const answersAll: JsonObject = {
  elicitation: { form: {}, url: {} },
  sampling: {},
  roots: {},
  extensions: { [apps]: { mimeTypes: ['text/html;profile=mcp-app'] } },
};

/** Makes calls on behalf of REST, the page and later chat: the same routing, rights and records as MCP clients. */
export function createInProcess(options: {
  router: Router;
  views: Views;
}): (request: InProcessCall) => Promise<JsonObject> {
  return async (request) => {
    const { ask } = request;
    const askClient: Call['ask'] =
      ask === undefined
        ? null
        : (method, params, { signal }) => ask({ method, params }, toAbortSignal(signal)).catch(tellRefusal);
    const { credential, selection } = request;
    const capabilities = ask === undefined ? {} : answersAll;
    const who = { session: null, era: 'legacy', capabilities } as const;
    const peer: Peer = {
      credential,
      endpoint: selection.endpoint,
      ...who,
      via: request.via,
      clientInfo: { name: request.clientName, version: '1' },
      view: () => options.views.seenBy(selection, { credential: credential.key, person: credential.person, ...who }),
      own: () => false,
      mentions: null,
      notify: () => undefined,
      ask: null,
    };
    const call: Call = {
      signal: request.signal,
      requestId: request.requestId ?? null,
      trace: beginInProcess(request),
      ...(request.within && { within: request.within }),
      paramHeaders: null,
      logLevel: null,
      notify: (method, params) => request.onNotification?.({ method, params }),
      ask: askClient,
    };
    try {
      const result = await options.router.handle(peer, request.method, { ...request.params }, call);
      call.trace?.end(failureOfResult(result));
      return toObject(result);
    } catch (error) {
      call.trace?.end(failureOf(error));
      throw error instanceof RpcError ? error : asRpcError(error, request.selection.endpoint);
    }
  };
}

/** A refusal with a code reaches the server as such; any other failure stays inside the hub. */
function tellRefusal(error: unknown): never {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (error instanceof RpcError || !(error instanceof Error) || typeof code !== 'number' || code >= 0) throw error;
  throw new RpcError(code, error.message);
}
