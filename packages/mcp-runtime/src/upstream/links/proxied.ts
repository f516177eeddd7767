import { Pool, ProxyAgent, type Agent, type Dispatcher } from 'undici';
import { type Reason, say } from '../../reasons.ts';
import { LinkError } from '../link.ts';
import { plainHost, proxyTo, type Proxies, type Proxy } from '../proxies.ts';
import { checkThroughProxy, connectTimeoutMs, type AddressPolicy } from '../url-guard.ts';
import { networkError } from './http-errors.ts';

/** The dispatcher that carries exchanges to their servers. */
export type Carrier = Pick<Agent, 'dispatch' | 'destroy'>;

export interface ProxiedOptions {
  /** Takes what needs no proxy, with a guard of its own at each connection. */
  direct: Carrier;
  proxies: Proxies;
  policy: AddressPolicy;
  /** Most connections for each origin; null = any number. */
  connections: number | null;
}

/** How long a name that was let through is not looked up again: an exchange must not wait for a name service each time. */
const passedMs = 60_000;
const mostKnown = 1_000;

/** An exchange that never began has nothing to stop. */
const nothing: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  rawHeaders: null,
  rawTrailers: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

/** Carries each exchange through the proxy that leads to its server, after the guard has let its host pass. */
export function createProxied({ direct, proxies, policy, connections }: ProxiedOptions): Carrier {
  const agents = new Map<string, ProxyAgent>();
  function agentOf(proxy: Proxy): ProxyAgent {
    const agent = agents.get(proxy.uri) ?? createProxyAgent(proxy, connections);
    agents.set(proxy.uri, agent);
    return agent;
  }
  const check = createPassage(policy);
  const wayTo = createWays(proxies);
  return {
    dispatch(options, handler) {
      const { origin, proxy } = wayTo(String(options.origin));
      if (proxy === null) return direct.dispatch(options, handler);
      const told = tellOfProxy(handler, proxy, origin);
      check(plainHost(origin))
        .then(() => agentOf(proxy).dispatch(options, told))
        .catch((error: Error) => told.onResponseError?.(nothing, error));
      return true;
    },
    async destroy() {
      await Promise.all([direct.destroy(), ...[...agents.values()].map((agent) => agent.destroy())]);
    },
  };
}

/** Which proxy leads to an origin, found once for each: NO_PROXY may be long. */
function createWays(proxies: Proxies): (text: string) => { origin: URL; proxy: Proxy | null } {
  const known = new Map<string, { origin: URL; proxy: Proxy | null }>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= mostKnown) known.clear();
    const origin = new URL(text);
    const way = { origin, proxy: proxyTo(proxies, origin) };
    known.set(text, way);
    return way;
  };
}

/** The guard of hosts behind a proxy, which remembers for a while whom it let pass. */
function createPassage(policy: AddressPolicy): (host: string) => Promise<void> {
  const passed = new Map<string, { until: number; verdict: Promise<void> }>();
  return (host) => {
    const known = passed.get(host);
    if (known !== undefined && performance.now() < known.until) return known.verdict;
    if (passed.size >= mostKnown) passed.clear();
    const verdict = checkThroughProxy(host, policy);
    passed.set(host, { until: performance.now() + passedMs, verdict });
    verdict.catch(() => passed.delete(host));
    return verdict;
  };
}

function createProxyAgent({ uri, token }: Proxy, connections: number | null): ProxyAgent {
  const endless = { headersTimeout: 0, bodyTimeout: 0, pipelining: 1, connections };
  return new ProxyAgent({
    uri,
    ...(token !== null && { token }),
    ...endless,
    allowH2: false,
    connectTimeout: connectTimeoutMs,
    requestTls: { allowH2: false },
    proxyTls: { allowH2: false },
    // Without these, what goes over plain HTTP would have the limits of time that undici gives by itself.
    factory: (origin, options) => new Pool(origin, Object.assign({}, options, endless)),
    // A proxy that takes a connection and says nothing must not hold the exchange.
    clientFactory: (origin, options) => new Pool(origin, { ...options, headersTimeout: connectTimeoutMs }),
  });
}

/** The same handler; errors that are the proxy's name it. */
function tellOfProxy(handler: Dispatcher.DispatchHandler, proxy: Proxy, origin: URL): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onResponseStart: (controller, status, headers, text) =>
      handler.onResponseStart?.(controller, status, headers, text),
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => handler.onResponseError?.(controller, proxyError(error, proxy, origin)),
  };
}

/** Failures of connections: behind a proxy there is none but the one to it. */
const ofProxy = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function proxyError(error: Error, { name }: Proxy, { host }: URL): Error {
  const code = 'code' in error ? String(error.code) : '';
  const answered = /^Proxy response \((\d{3})\) |^Proxy Authentication Required \((407)\)$/.exec(error.message);
  const status = Number(answered?.[1] ?? answered?.[2] ?? 0);
  function unreachable(why: Reason) {
    return new LinkError('unreachable', why, { cause: error });
  }
  if (status !== 0) return unreachable(answerOf(name, status, host));
  if (ofProxy.has(code)) return networkError(say('theProxy', { proxy: name }), error);
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return unreachable(say('proxySilent', { proxy: name }));
  if (code === 'UND_ERR_PRX_CONN') return unreachable(say('proxyEnded', { proxy: name }));
  if (code === 'UND_ERR_PRX_TLS') return unreachable(say('proxyName', { proxy: name }));
  return error;
}

function answerOf(proxy: string, status: number, host: string): Reason {
  if (status === 407) return say('proxyWantsSignIn', { proxy, status });
  return say(status >= 500 ? 'proxyFails' : 'proxyForbids', { proxy, status, host });
}
