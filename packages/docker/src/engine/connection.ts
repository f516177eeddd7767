import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import { toDockerError } from '../errors.ts';
import { formatEngineHost, type EngineHost } from './host.ts';
import { createSshAgent } from './ssh-agent.ts';

/** How long an ordinary request may take before the engine counts as hanging. */
const requestTimeoutMs = 60_000;

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds until the answer counts as lost; 0 = however long it takes. */
  timeoutMs?: number | undefined;
}

type ModemOptions = Docker.DockerOptions & { agent: HttpAgent; pathPrefix?: string };

const timeIsUp = new DOMException('The time limit passed.', 'TimeoutError');
const givenUp = new DOMException('The caller gave up.', 'AbortError');

// dockerode would otherwise take what it is not given from DOCKER_* variables.
const notFromEnvironment = { host: undefined, ca: undefined, cert: undefined, key: undefined, timeout: undefined };

/** One engine's HTTP connections. */
export interface Connection {
  readonly docker: Docker;
  /** The engine in the form of `DOCKER_HOST`. */
  readonly host: string;
  readonly engineHost: EngineHost;
  /** Runs one request; rejects with DockerError. The signal given to `run` also carries the time limit. */
  call<T>(run: (signal: AbortSignal) => Promise<T>, options?: CallOptions): Promise<T>;
  close(): void;
}

/** Opens no connection yet: the first call does. */
export function createConnection(engineHost: EngineHost): Connection {
  const host = formatEngineHost(engineHost);
  // dockerode describes each request for its debug log, whether anybody reads it or not: with all the agent's sockets
  // that would cost more than the request itself.
  const agent = Object.assign(agentFor(engineHost), { [inspect.custom]: () => host });
  const options: ModemOptions = { ...notFromEnvironment, ...addressOf(engineHost), agent };
  return {
    docker: new Docker(options),
    host,
    engineHost,
    call: async (run, { signal, timeoutMs = requestTimeoutMs } = {}) => {
      const limit = new AbortController();
      // Ends with the answer's head: what streams afterwards may take as long as it likes.
      const timer = timeoutMs === 0 ? null : setTimeout(() => limit.abort(timeIsUp), timeoutMs);
      try {
        signal?.throwIfAborted();
        return await run(signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]));
      } catch (error) {
        throw toDockerError(limit.signal.aborted ? timeIsUp : signal?.aborted === true ? givenUp : error, host);
      } finally {
        if (timer !== null) clearTimeout(timer);
      }
    },
    close: () => agent.destroy(),
  };
}

/** Adds the signal to a request's options; the published types know it in some places only. */
export function withSignal<T extends object>(options: T, abortSignal: AbortSignal): T {
  return { ...options, abortSignal };
}

export interface PlainRequest {
  path: string;
  method?: 'GET' | 'HEAD' | 'POST';
  query?: object;
  /** True for an answer of any size: dockerode's own methods would gather some of them in memory. */
  stream?: boolean;
}

/** Sends a request that dockerode's methods do not know in this form. */
export async function dial<T>(connection: Connection, request: PlainRequest, options: CallOptions = {}): Promise<T> {
  const { path, method = 'GET', query = {}, stream = false } = request;
  return await connection.call(
    (abortSignal) =>
      new Promise<T>((resolve, reject) => {
        connection.docker.modem.dial(
          {
            path: `${path}?`,
            method,
            isStream: stream,
            statusCodes: { 200: true },
            options: { ...query },
            abortSignal,
          },
          (error: Error | null, answer: unknown) => (error === null ? resolve(answer as T) : reject(error)),
        );
      }),
    options,
  );
}

function agentFor(host: EngineHost): HttpAgent {
  if (host.kind === 'ssh') return createSshAgent(host);
  if (host.kind === 'tcp' && host.tls !== null) return new HttpsAgent({ keepAlive: true, ...defined(host.tls) });
  return new HttpAgent({ keepAlive: true });
}

function addressOf(host: EngineHost): Omit<ModemOptions, 'agent'> {
  switch (host.kind) {
    case 'socket':
      return { socketPath: host.path, protocol: 'http' };
    case 'tcp':
      return { host: host.host, port: host.port, protocol: host.tls === null ? 'http' : 'https', pathPrefix: '/' };
    case 'ssh':
      // The agent makes the connection; the name only fills the Host header.
      return { host: 'engine.invalid', port: 80, protocol: 'http', pathPrefix: '/' };
  }
}

function defined(tls: object): object {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
}
