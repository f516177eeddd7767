import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, isIP, type AddressInfo, type Socket } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { invalid } from '../errors.ts';

export interface EgressGrant {
  /** The variables by which programs find a proxy. */
  env: Record<string, string>;
  close(): void;
}

/** Lets containers on a private network reach the hosts they may, and no other. */
export interface EgressProxy {
  /** `address` is this machine's on the private network; `allowPrivate` lets private addresses on the list count. */
  grant(hosts: readonly string[], address: string, options?: { allowPrivate?: boolean }): Promise<EgressGrant>;
  close(): Promise<void>;
}

export interface EgressOptions {
  /** Told for every refusal. */
  onRefused?: (host: string, why: string) => void;
  /** Why an address may not be reached, in whatever form it is written; null where it may. */
  refuseAddress(address: string, policy: { allowPrivate: boolean }): string | null;
}

interface Rule {
  name: string;
  /** Null = 80 and 443. */
  port: number | null;
}

/** A proxy in this process; one listener for each private network, a password for each container. */
export function createEgressProxy(options: EgressOptions): EgressProxy {
  const grants = new Map<string, { rules: readonly Rule[]; allowPrivate: boolean }>();
  const listeners = new Map<string, Promise<{ port: number; close: () => void }>>();

  async function decide(token: string, host: string, port: number): Promise<string | null> {
    function refuse(why: string) {
      options.onRefused?.(host, why);
      return null;
    }
    const allowed = grants.get(token);
    if (allowed === undefined) return refuse('the container is not known');
    if (!allowed.rules.some((rule) => matches(rule, host, port))) return refuse('the host is not on the list');
    // Resolved here, and connected to by this very address: no second answer of a name server can lead elsewhere.
    const isName = isIP(host) === 0;
    const found = isName ? await lookup(host, { all: true }).catch(() => []) : [{ address: host }];
    // A name says nothing of where it leads, so none leads to a private address.
    const policy = { allowPrivate: allowed.allowPrivate && !isName };
    const reasons = found.map(({ address }) => options.refuseAddress(address, policy));
    const address = found[reasons.indexOf(null)]?.address;
    if (address === undefined) return refuse(reasons[0] ?? 'the name is unknown');
    return address;
  }

  async function listen(address: string) {
    const sockets = new Set<Socket | Duplex>();
    const server = createServer((request, response) => void forward(request, response, decide));
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.on(
      'connect',
      (request: IncomingMessage, socket: Duplex, head: Buffer) => void tunnel(request, socket, head, decide),
    );
    server.on('clientError', (_error, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, address, resolve);
    });
    server.unref();
    const { port } = server.address() as AddressInfo;
    return {
      port,
      close: () => {
        server.close();
        for (const socket of sockets) socket.destroy();
      },
    };
  }

  return {
    grant: async (hosts, address, { allowPrivate = false } = {}) => {
      const parsed = hosts.map(parseRule);
      const listening = listeners.get(address) ?? listen(address);
      listeners.set(address, listening);
      listening.catch(() => listeners.delete(address));
      const { port } = await listening;
      const token = randomBytes(18).toString('hex');
      grants.set(token, { rules: parsed, allowPrivate });
      const url = `http://server:${token}@${address}:${port}`;
      const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];
      return {
        env: {
          ...Object.fromEntries(names.map((name) => [name, url])),
          NODE_USE_ENV_PROXY: '1',
          NO_PROXY: 'localhost,127.0.0.1',
        },
        close: () => grants.delete(token),
      };
    },
    close: async () => {
      for (const listening of listeners.values()) (await listening).close();
      listeners.clear();
    },
  };
}

const highestPort = 65_535;

type Decide = (token: string, host: string, port: number) => Promise<string | null>;

/** Reads `api.example.com`, `*.example.com`, `example.com:8443`. */
export function parseRule(text: string): Rule {
  const match = /^(\*\.)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::(\d{1,5}))?$/i.exec(text.trim());
  if (match === null || Number(match[3] ?? 0) > highestPort)
    throw invalid(
      'network',
      `"${text}" is no host: it looks like "api.example.com", "*.example.com" or "example.com:8443".`,
    );
  const [, wild = '', name = '', port] = match;
  return { name: (wild + name.replace(/^\[|\]$/g, '')).toLowerCase(), port: port === undefined ? null : Number(port) };
}

export function matches(rule: Rule, host: string, port: number): boolean {
  if (rule.port === null ? port !== 443 && port !== 80 : rule.port !== port) return false;
  const name = host.toLowerCase().replace(/\.$/, '');
  return rule.name.startsWith('*.') ? name.endsWith(rule.name.slice(1)) : name === rule.name;
}

function tokenOf(request: IncomingMessage): string {
  const given = request.headers['proxy-authorization'] ?? '';
  const text = Buffer.from(/^basic (.+)$/i.exec(given)?.[1] ?? '', 'base64').toString();
  return text.slice(text.indexOf(':') + 1);
}

async function tunnel(request: IncomingMessage, socket: Duplex, head: Buffer, decide: Decide): Promise<void> {
  socket.on('error', () => {});
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(request.url ?? '');
  const host = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3] ?? 0);
  const address = host === '' ? null : await decide(tokenOf(request), host, port);
  if (address === null) {
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    return;
  }
  const upstream = connect(port, address, () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    upstream.write(head);
    socket.pipe(upstream).pipe(socket);
  });
  upstream.once('error', () =>
    socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'),
  );
  socket.once('close', () => upstream.destroy());
  upstream.once('close', () => socket.destroy());
}

async function forward(request: IncomingMessage, response: ServerResponse, decide: Decide): Promise<void> {
  const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : null;
  const port = Number(url?.port === '' ? 80 : url?.port);
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  const address = url?.protocol === 'http:' ? await decide(tokenOf(request), host, port) : null;
  if (url === null || address === null) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('This host is not on the list of allowed hosts.\n');
    return;
  }
  const { 'proxy-authorization': _secret, 'proxy-connection': _hop, ...headers } = request.headers;
  const path = `${url.pathname}${url.search}`;
  const upstream = httpRequest({
    host: address,
    port,
    method: request.method,
    path,
    headers: { ...headers, host: url.host },
  });
  upstream.once('response', (answer) => {
    const { statusCode = 0, headers: answered } = answer;
    // Node reads numbers that it does not write: 099.
    if (statusCode < 100) return void upstream.destroy();
    response.writeHead(statusCode, answered);
    // An answer that breaks off breaks off here too.
    pipeline(answer, response, () => {});
  });
  upstream.on('error', () => {});
  upstream.once('close', () => {
    if (!response.headersSent) response.writeHead(502).end();
  });
  response.once('close', () => upstream.destroy());
  request.pipe(upstream);
}
