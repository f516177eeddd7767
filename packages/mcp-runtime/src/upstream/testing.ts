import { isRequest, RpcError, toErrorObject } from '../rpc.ts';
import type { JsonObject, JsonRpcId, JsonRpcMessage, JsonRpcRequest, Launch } from '../types.ts';
import { Meta, type Era } from '../versions.ts';
import { LinkError, type LinkContext, type LinkEvents, type OpenLink, type SendOptions } from './link.ts';

/** The hub's side of one connection to a server that lives in this process. */
export interface FakeLink {
  readonly launch: Launch;
  readonly context: LinkContext;
  /** The messages of the hub, in order. */
  readonly sent: { message: JsonRpcMessage; options: SendOptions }[];
  /** The requests of a method the hub sent. */
  requests(method: string): JsonRpcRequest[];
  say(message: object, related?: JsonRpcId | null): void;
  notify(method: string, params?: JsonObject, related?: JsonRpcId | null): void;
  /** Asks the hub and gives the answer. */
  ask(method: string, params?: JsonObject, related?: JsonRpcId | null): Promise<JsonObject>;
  lose(id: JsonRpcId, error: LinkError): void;
  /** Says something that is no message. */
  log: LinkEvents['log'];
  /** The server goes away by itself. */
  end(error?: LinkError): void;
  /** How it was closed by the hub, or null. */
  closedWith(): number | null;
  isOpen(): boolean;
}

type Handler = (request: JsonRpcRequest, link: FakeLink) => JsonObject | void | Promise<JsonObject | void>;

export interface Script {
  /** Eras the server speaks; default legacy. */
  eras?: readonly Era[];
  pid?: boolean;
  tools?: () => JsonObject[];
  capabilities?: JsonObject;
  /** Runs before a link is open; throws where it cannot be opened. */
  open?: (context: LinkContext, launch: Launch) => void | Promise<void>;
  /** Answers by method before the usual ones; undefined = no answer, an RpcError thrown = that error. */
  on?: Readonly<Record<string, Handler>>;
  /** Looks at every message first; throws LinkError where it cannot be delivered. */
  receive?: (message: JsonRpcMessage, link: FakeLink) => void;
  /** Milliseconds the server takes to end when asked to. */
  closeMs?: number;
}

/** Servers in this process, reached over links that only pass objects. */
export interface FakeServers {
  openLink: OpenLink;
  /** Every link that was opened, oldest first. */
  links: FakeLink[];
  /** The open links. */
  open(): FakeLink[];
  /** The newest of a server. */
  last(serverId?: string): FakeLink;
}

export function tool(name: string): JsonObject {
  return { name, inputSchema: { type: 'object' } };
}

function usual(script: Script, request: JsonRpcRequest): JsonObject {
  const eras = script.eras ?? ['legacy'];
  const capabilities = script.capabilities ?? { tools: { listChanged: true } };
  switch (request.method) {
    case 'initialize':
      if (!eras.includes('legacy')) throw new RpcError(-32601, 'Method not found: initialize');
      return { protocolVersion: '2025-11-25', capabilities, serverInfo: { name: 'fake', version: '1' } };
    case 'server/discover':
      if (!eras.includes('modern')) throw new RpcError(-32601, 'Method not found: server/discover');
      return {
        resultType: 'complete',
        supportedVersions: ['2026-07-28'],
        capabilities,
        _meta: { [Meta.serverInfo]: { name: 'fake', version: '1' } },
      };
    case 'tools/list':
      return { tools: script.tools?.() ?? [tool('echo')] };
    case 'tools/call':
      return { content: [{ type: 'text', text: JSON.stringify(request.params?.['arguments'] ?? {}) }] };
    case 'logging/setLevel':
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return {};
    default:
      throw new RpcError(-32601, `Method not found: ${request.method}`);
  }
}

interface Wiring {
  script: Script;
  launch: Launch;
  context: LinkContext;
  events: LinkEvents;
}

function createFakeLink({
  script,
  launch,
  context,
  events,
}: Wiring): FakeLink & { receive: (m: JsonRpcMessage) => void } {
  const answers = new Map<JsonRpcId, (message: JsonRpcMessage) => void>();
  const sent: FakeLink['sent'] = [];
  let open = true;
  let grace: number | null = null;
  let counter = 0;
  const link = {
    launch,
    context,
    sent,
    requests: (method: string) =>
      sent.flatMap(({ message }) =>
        'method' in message && message.method === method && isRequest(message) ? [message] : [],
      ),
    say(message: object, related: JsonRpcId | null = null) {
      if (open) events.message(structuredClone(message) as JsonRpcMessage, related);
    },
    notify: (method: string, params: JsonObject = {}, related: JsonRpcId | null = null) =>
      link.say({ jsonrpc: '2.0', method, params }, related),
    ask(method: string, params: JsonObject = {}, related: JsonRpcId | null = null) {
      const id = `ask-${++counter}`;
      return new Promise<JsonObject>((resolve, reject) => {
        answers.set(id, (message) => {
          if ('result' in message && message.result !== undefined) resolve(message.result);
          else reject(new RpcError(-1, JSON.stringify('error' in message ? message.error : null)));
        });
        link.say({ jsonrpc: '2.0', id, method, params }, related);
      });
    },
    lose: (id: JsonRpcId, error: LinkError) => events.lost(id, error),
    log: events.log,
    end(error = new LinkError('closed', 'The program ended with exit code 1')) {
      if (!open) return;
      open = false;
      events.closed(error);
    },
    closedWith: () => grace,
    isOpen: () => open,
    close(graceMs: number) {
      grace = graceMs;
      function done(): void {
        if (!open) return;
        open = false;
        events.closed(null);
      }
      if (script.closeMs === undefined) return Promise.resolve(done());
      return new Promise<void>((resolve) => {
        setTimeout(() => resolve(done()), script.closeMs);
      });
    },
    receive(message: JsonRpcMessage) {
      if (isRequest(message)) return void reply(message);
      if (!('method' in message)) answers.get(message.id ?? '')?.(message);
    },
  };
  async function reply(request: JsonRpcRequest): Promise<void> {
    const { id } = request;
    try {
      const handler = script.on?.[request.method];
      const result = handler === undefined ? usual(script, request) : await handler(request, link);
      if (result) link.say({ jsonrpc: '2.0', id, result }, id);
    } catch (error) {
      link.say({ jsonrpc: '2.0', id, error: toErrorObject(error) }, id);
    }
  }
  return link;
}

/** Servers that follow a script, by server id or one for all. */
export function createFakeServers(script: Script | ((serverId: string) => Script) = {}): FakeServers {
  const links: FakeLink[] = [];
  return {
    links,
    open: () => links.filter((link) => link.isOpen()),
    last(serverId) {
      const found = links.findLast((link) => serverId === undefined || link.context.serverId === serverId);
      if (found === undefined) throw new Error('no link was opened');
      return found;
    },
    async openLink(launch, context, events) {
      const mine = typeof script === 'function' ? script(context.serverId) : script;
      await mine.open?.(context, launch);
      if (context.signal.aborted) throw new LinkError('closed', 'The start was given up.');
      const link = createFakeLink({ script: mine, launch, context, events }) as ReturnType<typeof createFakeLink> & {
        close(graceMs: number): Promise<void>;
      };
      links.push(link);
      const stdio = mine.pid ?? launch.kind === 'stdio';
      return {
        pid: stdio ? 4_000_000 + links.length : null,
        async send(message, options = {}) {
          if (!link.isOpen()) throw new LinkError('closed', 'The connection to the server is closed.');
          const copy = structuredClone(message);
          link.sent.push({ message: copy, options });
          mine.receive?.(copy, link);
          setImmediate(() => link.isOpen() && link.receive(copy));
        },
        negotiated: () => undefined,
        close: ({ graceMs }) => link.close(graceMs),
      };
    },
  };
}

/** The rejection of a promise; watched from now on, so that it may reject before it is awaited. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`was not rejected but gave ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
