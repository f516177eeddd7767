import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startProvider, type RecordedRequest, type Reply, type ScriptedProvider } from '@switchboard/agents/testing';
import { type Client, createClient } from '@switchboard/api/client';
import type { RoundNews } from '@switchboard/core/conversations';
import { createTestDb, type TestDb } from '@switchboard/db/testing';
import { type HubProcess, startHub } from './hub-process.ts';
import { startCounting, type CountingServer } from './mcp/counting.ts';
import { until } from './until.ts';

/** Hubs as programs of their own on one database, with a model and a server that outlive them. */
export interface ChatHubs extends AsyncDisposable {
  readonly db: TestDb;
  readonly provider: ScriptedProvider;
  /** What the model answers next; titles, which are asked for at any time, are not counted. */
  script(...replies: Reply[]): void;
  /** What the model was asked, titles apart. */
  asked(): RecordedRequest[];
  readonly server: CountingServer;
  /** Another hub. */
  start(): Promise<ChatHub>;
}

/** One of the hubs, as the person at its page has it. */
export interface ChatHub {
  readonly hub: HubProcess;
  readonly client: Client;
  /** Ends it as told, and starts it again. */
  again(signal: NodeJS.Signals): Promise<void>;
  /** The round that was said last. */
  last(conversationId: string): Promise<SeenRound>;
  /** What a round tells from now on, until it is left. */
  follow(runId: string): { news: RoundNews[]; leave(): void };
}

export type SeenRound = Awaited<ReturnType<Client['conversations']['get']['query']>>['shown'][number];

export const model = 'scripted';

/** A port on which the database hears, whose own place is a socket. */
async function listenFor({ address }: TestDb) {
  if (!('socketDir' in address)) throw new Error('The test database must be on a socket.');
  const open = new Set<Socket>();
  const relay = createServer((near) => {
    const far = connect(`${address.socketDir}/.s.PGSQL.${address.port}`);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const { port } = relay.address() as AddressInfo;
  return {
    url: `postgres://${address.user}@127.0.0.1:${port}/${address.database}`,
    close() {
      relay.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function asksTitle({ body }: RecordedRequest): boolean {
  return JSON.stringify(body).includes('<title>');
}

async function personAt(origin: string): Promise<Client> {
  const answer = await fetch(`${origin}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: 'correct horse battery staple' }),
  });
  const { data } = (await answer.json()) as { data: { token: string } };
  return createClient(origin, { token: data.token });
}

function chatHub(hub: HubProcess, client: Client): ChatHub {
  return {
    hub,
    client,
    async again(signal) {
      await hub.end(signal);
      // These deaths are the test's own: no server is to be held back for them.
      await rm(path.join(hub.dataDir, 'starts.json'), { force: true });
      // On a busy machine the database may answer too late for a start, which then ends; whoever watches it starts again.
      await hub.restart().catch(async (error: unknown) => {
        if (!String(error).includes('The database is away')) throw error;
        await hub.restart();
      });
    },
    async last(conversationId) {
      const { shown } = await client.conversations.get.query({ id: conversationId });
      const round = shown.at(-1);
      if (!round) throw new Error('Nothing was said.');
      return round;
    },
    follow(runId) {
      const news: RoundNews[] = [];
      const followed = client.conversations.follow.subscribe(
        { runId },
        { onData: (item) => void news.push(item), onError: () => undefined },
      );
      return { news, leave: () => followed.unsubscribe() };
    },
  };
}

/** Makes the database, the model and the server; the first hub that starts is told of both. */
export async function openChatHubs(): Promise<ChatHubs> {
  await using made = new AsyncDisposableStack();
  const db = made.use(await createTestDb());
  const relay = await listenFor(db);
  made.defer(() => relay.close());
  const provider = made.use(await startProvider());
  const replies: Reply[] = [];
  provider.always((request) => (asksTitle(request) ? { text: '<title>Named</title>' } : (replies.shift() ?? {})));
  const server = made.use(await startCounting());
  const env = {
    DATABASE_URL: relay.url,
    SECRET_KEY: randomBytes(32).toString('base64'),
    ALLOW_PRIVATE_URLS: 'true',
  };
  const kept = made.move();
  let isFirst = true;
  async function start(): Promise<ChatHub> {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'chat-hub-'));
    kept.defer(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
    const hub = kept.use(await startHub({ env, dataDir }));
    const client = await personAt(hub.origin);
    if (isFirst) {
      isFirst = false;
      await client.models.create.mutate({ name: model, baseUrl: provider.url, visibility: 'everyone' });
      await hub.add('counting', { kind: 'streamable-http', url: server.url });
      for (const tool of ['put', 'send']) {
        await client.conversations.setRule.mutate({ server: 'counting', tool, verdict: 'allow' });
      }
    }
    async function sees() {
      return (await client.servers.get.query({ id: 'counting' })).status.phase === 'running';
    }
    await until(sees, 'the server runs');
    return chatHub(hub, client);
  }
  return {
    db,
    provider,
    server,
    script: (...given) => void replies.push(...given),
    asked: () => provider.requests.filter((request) => !asksTitle(request)),
    start,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
