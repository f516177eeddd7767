import { BlockList, isIP, isIPv6 } from 'node:net';

/** An HTTP proxy that leads out of this network. */
export interface Proxy {
  /** Without user and password. */
  uri: string;
  /** `proxy.example:3128`, for texts. */
  name: string;
  /** Value of `Proxy-Authorization`; null where it wants none. */
  token: string | null;
}

/** Which way leads to a server: through a proxy by the scheme of its URL, or straight. */
export interface Proxies {
  http: Proxy | null;
  https: Proxy | null;
  /** Hosts that are reached without one, as NO_PROXY has them. */
  noProxy: string;
}

type Env = Readonly<Record<string, string | undefined>>;

const example = 'must be the address of an HTTP proxy, such as http://proxy.example:3128';

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads the address of a proxy; without a scheme it is http. Throws an Error whose text shows nothing of the address. */
function readProxy(name: string, text: string): Proxy {
  const url = URL.parse(text.includes('://') ? text.trim() : `http://${text.trim()}`);
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url === null || !isHttp || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new Error(`${name}: ${example}`);
  }
  const { username, password, protocol, hostname, port } = url;
  const pair = `${decoded(username)}:${decoded(password)}`;
  return {
    uri: url.origin,
    name: `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`,
    token: pair === ':' ? null : `Basic ${Buffer.from(pair).toString('base64')}`,
  };
}

interface ProxySettings {
  http: Proxy | null;
  https: Proxy | null;
  all: Proxy | null;
  noProxy: string | null;
}

/** The values of variables, lower case before upper case as with curl. Throws an Error that names a wrong one. */
function readGiven(env: Env): ProxySettings {
  function nameOf(name: string): string | undefined {
    return [name.toLowerCase(), name].find((each) => env[each] !== undefined && env[each] !== '');
  }
  function proxy(name: string): Proxy | null {
    const set = nameOf(name);
    return set === undefined ? null : readProxy(set, env[set] ?? '');
  }
  const none = nameOf('NO_PROXY');
  return {
    http: proxy('HTTP_PROXY'),
    https: proxy('HTTPS_PROXY'),
    all: proxy('ALL_PROXY'),
    noProxy: none === undefined ? null : (env[none] ?? ''),
  };
}

/**
 * The proxies that HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY name; null where they name none. Throws an Error that
 * names the variable which is wrong.
 */
export function readProxies(env: Env): Proxies | null {
  const { http, https, all, noProxy } = readGiven(env);
  const found = { http: http ?? all, https: https ?? all, noProxy: noProxy ?? '' };
  return found.http === null && found.https === null ? null : found;
}

/**
 * The proxies of one server: its own variables before those of the hub. NO_PROXY of the hub is for the hub's proxies. Throws
 * as `readProxies`.
 */
export function ownProxies(env: Env, hub: Proxies | null): Proxies | null {
  const { http, https, all, noProxy } = readGiven(env);
  const isOwn = http !== null || https !== null || all !== null;
  const found = {
    http: http ?? all ?? hub?.http ?? null,
    https: https ?? all ?? hub?.https ?? null,
    noProxy: noProxy ?? (isOwn ? '' : (hub?.noProxy ?? '')),
  };
  return found.http === null && found.https === null ? null : found;
}

/**
 * The parts of a server's own proxies that no log may show: the whole address where it has a password, and the
 * password.
 */
export function proxySecrets(env: Readonly<Record<string, string>>): string[] {
  return Object.values(env).flatMap((text) => {
    const at = text.lastIndexOf('@');
    if (at === -1) return [];
    const user = text.slice(text.includes('://') ? text.indexOf('://') + 3 : 0, at);
    const password = user.slice(user.indexOf(':') + 1);
    return [text, password, decoded(password)];
  });
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Hosts on this machine are never reached through a proxy. */
function isHere(host: string): boolean {
  if (isIP(host) !== 0) return isIn(loopback, host);
  return host === 'localhost' || host.endsWith('.localhost');
}

/** One entry of NO_PROXY with a port behind it, or without. */
const withPort = /^(.+):(\d{1,5})$/;

function isNamed(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const bare = isIPv6(entry) || entry.includes('/') ? null : withPort.exec(entry);
  if (bare !== null && bare[2] !== port) return false;
  const name = (bare?.[1] ?? entry).replace(/^\[/, '').replace(/\]$/, '');
  const [address = '', prefix] = name.split('/');
  const family = isIP(address);
  if (family === 0) {
    const plain = name.replace(/^\*?\./, '');
    return (host === plain && !name.startsWith('*')) || host.endsWith(`.${plain}`);
  }
  if (isIP(host) === 0) return false;
  const bits = Number(prefix ?? (family === 6 ? 128 : 32));
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
  return isIn(list, host);
}

/** A host as names are compared: without brackets, a final dot and capitals. */
export function plainHost(url: URL): string {
  return url.hostname
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
}

/** The proxy that leads to an origin; null where the way is straight: hosts of this machine and those in NO_PROXY. */
export function proxyTo(proxies: Proxies, origin: URL): Proxy | null {
  const proxy = origin.protocol === 'https:' ? proxies.https : proxies.http;
  if (proxy === null) return null;
  const host = plainHost(origin);
  const port = origin.port === '' ? (origin.protocol === 'https:' ? '443' : '80') : origin.port;
  const entries = proxies.noProxy.toLowerCase().split(/[\s,]/);
  const isDirect = isHere(host) || entries.some((entry) => entry !== '' && isNamed(entry, host, port));
  return isDirect ? null : proxy;
}
