import type { z } from 'zod';
import { createMeter, isReadable } from './bounds.ts';
import {
  CallTool,
  Initialize,
  latestRevision,
  Log,
  Message,
  ModelContext,
  OpenLink,
  ReadResource,
  revisions,
  SendMessage,
  SizeChanged,
  type Params,
} from './messages.ts';

/** What an app may ask of its host; what is absent is not offered to it. */
export interface AppHandlers {
  callTool?: ((name: string, args: Params) => Promise<Params>) | undefined;
  readResource?: ((uri: string) => Promise<Params>) | undefined;
  /** Adds to the conversation in the person's name; false where that is refused. */
  message?: ((content: Params[]) => Promise<boolean>) | undefined;
  /** What the model is told of the app's state with its next turn; replaces what was said before. */
  modelContext?: ((context: z.output<typeof ModelContext>) => Promise<void>) | undefined;
  /** False where the person does not want it opened. */
  openLink: (url: string) => Promise<boolean>;
  resized: (height: number) => void;
  logged?: ((level: string, data: unknown) => void) | undefined;
}

export interface HostOptions {
  post: (message: Params) => void;
  handlers: AppHandlers;
  /** What the app is told of where it stands. */
  context: () => Params;
  /** Hosts of the network that are open to it, as policies name them. */
  allowed: Params;
  flooded: () => void;
  now?: () => number;
}

export interface Host {
  receive(message: unknown): void;
  toolInput(args: Params): void;
  partialInput(args: Params): void;
  toolResult(result: Params): void;
  toolCancelled(reason: string): void;
  contextChanged(changed: Params): void;
  /** Tells the app that it goes. */
  leave(): void;
}

/** Each may take a connection, of which browsers open six to a host. */
const mostAtOnce = 4;

const codes = { refused: -32_000, invalidRequest: -32_600, noMethod: -32_601, invalidParams: -32_602 } as const;

/** An error as the app gets it. */
export class AppError extends Error {
  override name = 'AppError';
  readonly code: number;
  constructor(message: string, code: number = codes.refused) {
    super(message);
    this.code = code;
  }
}

function read<Shape extends z.ZodType>(shape: Shape, params: Params): z.output<Shape> {
  const result = shape.safeParse(params);
  if (result.success) return result.data;
  throw new AppError('The params of this request are not as the method wants them.', codes.invalidParams);
}

function capabilitiesOf({ callTool, readResource, message, modelContext }: AppHandlers, allowed: Params): Params {
  return {
    openLinks: {},
    logging: {},
    sandbox: { csp: allowed, permissions: {} },
    ...(callTool && { serverTools: {} }),
    ...(readResource && { serverResources: {} }),
    ...(message && { message: { text: {} } }),
    ...(modelContext && { updateModelContext: { text: {}, structuredContent: {} } }),
  };
}

type Answer = (params: Params, options: HostOptions) => Promise<Params> | Params;

function absent(method: string): never {
  throw new AppError(`This host does not answer ${method}.`, codes.noMethod);
}

async function orRefused(asked: Promise<boolean>): Promise<Params> {
  if (await asked) return {};
  throw new AppError('The person refused this.');
}

const requests: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['ping', () => ({})],
  [
    'ui/initialize',
    (params, { handlers, allowed, context }) => {
      const { protocolVersion } = read(Initialize, params);
      return {
        protocolVersion: revisions.includes(protocolVersion) ? protocolVersion : latestRevision,
        hostInfo: { name: 'switchboard', version: '1' },
        hostCapabilities: capabilitiesOf(handlers, allowed),
        hostContext: context(),
      };
    },
  ],
  [
    'tools/call',
    (params, { handlers }) => {
      const { name, arguments: args } = read(CallTool, params);
      return handlers.callTool?.(name, args) ?? absent('tools/call');
    },
  ],
  [
    'resources/read',
    (params, { handlers }) => handlers.readResource?.(read(ReadResource, params).uri) ?? absent('resources/read'),
  ],
  ['ui/open-link', (params, { handlers }) => orRefused(handlers.openLink(read(OpenLink, params).url))],
  [
    'ui/message',
    (params, { handlers }) => {
      const { content } = read(SendMessage, params);
      return handlers.message ? orRefused(handlers.message(content)) : absent('ui/message');
    },
  ],
  [
    'ui/update-model-context',
    async (params, { handlers }) => {
      const context = read(ModelContext, params);
      if (!handlers.modelContext) return absent('ui/update-model-context');
      await handlers.modelContext(context);
      return {};
    },
  ],
  ['ui/request-display-mode', () => ({ mode: 'inline' })],
]);

/** What is told to the app when it is ready, each once, and in this order. */
function createTellings(post: HostOptions['post']) {
  let isReady = false;
  const told = new Set<string>();
  let waiting: { method: string; params: Params }[] = [];
  function send(method: string, params: Params) {
    post({ jsonrpc: '2.0', method: `ui/notifications/${method}`, params });
  }
  return {
    isReady: () => isReady,
    ready() {
      isReady = true;
      for (const { method, params } of waiting) send(method, params);
      waiting = [];
    },
    once(method: string, params: Params) {
      if (told.has(method)) return;
      told.add(method);
      if (isReady) send(method, params);
      else waiting.push({ method, params });
    },
    /** Only the newest counts, and none after the whole input. */
    partial(params: Params) {
      if (told.has('tool-input')) return;
      const method = 'tool-input-partial';
      if (isReady) send(method, params);
      else waiting = [...waiting.filter((each) => each.method !== method), { method, params }];
    },
    now(method: string, params: Params) {
      if (isReady) send(method, params);
    },
  };
}

/**
 * The host's side of the `ui/` dialect. What the app sends is hostile: it is counted, bounded and of a known shape
 * before anything is done with it.
 */
export function createHost(options: HostOptions): Host {
  const { post, handlers } = options;
  const meter = createMeter(options.now ?? (() => performance.now()));
  const tellings = createTellings(post);
  let isGreeted = false;
  let underWay = 0;

  function fail(id: string | number, error: unknown) {
    const { code, message } = error instanceof AppError ? error : new AppError('It did not work.');
    post({ jsonrpc: '2.0', id, error: { code, message } });
  }

  async function answer(id: string | number, method: string, params: Params): Promise<void> {
    underWay += 1;
    try {
      const how = requests.get(method) ?? absent(method);
      if (!isGreeted && method !== 'ui/initialize' && method !== 'ping') {
        throw new AppError('ui/initialize comes first.', codes.invalidRequest);
      }
      if (underWay > mostAtOnce) throw new AppError(`${mostAtOnce} requests are under way; wait for one of them.`);
      const result = await how(params, options);
      isGreeted ||= method === 'ui/initialize';
      post({ jsonrpc: '2.0', id, result });
    } catch (error) {
      fail(id, error);
    } finally {
      underWay -= 1;
    }
  }

  function hear(method: string, params: Params): void {
    if (method === 'ui/notifications/initialized' && isGreeted) return tellings.ready();
    if (method === 'ui/notifications/size-changed') {
      const { height } = SizeChanged.safeParse(params).data ?? {};
      if (height !== undefined) handlers.resized(height);
    }
    if (method === 'notifications/message') {
      const { data } = Log.safeParse(params);
      if (data) handlers.logged?.(data.level, data.data);
    }
  }

  return {
    receive(given) {
      const counted = meter();
      if (counted === 'flood') options.flooded();
      if (counted !== 'taken' || !isReadable(given)) return;
      const { data } = Message.safeParse(given);
      if (data?.method === undefined) return;
      const { id, method, params = {} } = data;
      if (id === undefined) hear(method, params);
      else void answer(id, method, params);
    },
    toolInput: (args) => tellings.once('tool-input', { arguments: args }),
    partialInput: (args) => tellings.partial({ arguments: args }),
    toolResult: (result) => tellings.once('tool-result', result),
    toolCancelled: (reason) => tellings.once('tool-cancelled', { reason }),
    contextChanged: (changed) => tellings.now('host-context-changed', changed),
    leave() {
      if (tellings.isReady()) post({ jsonrpc: '2.0', id: 'leave', method: 'ui/resource-teardown', params: {} });
    },
  };
}
