import { lookup as resolveName, type LookupAddress } from 'node:dns';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { buildConnector } from 'undici';
import type { Certificates } from './certificates.ts';
import { LinkError } from './link.ts';

/** Never contacted, for any caller: link-local with cloud metadata, unspecified, multicast, reserved, broadcast. */
const neverAllowed = blockList(
  [
    '0.0.0.0/8',
    '169.254.0.0/16',
    '192.0.0.192/32',
    '100.100.100.200/32',
    '168.63.129.16/32',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  ['::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8', 'fd00:ec2::/32', 'fd20:ce::254/128', '2001:db8::/32'],
);

/**
 * Contacted only where private addresses are allowed: loopback, private, shared (CGNAT), benchmark, unique local, and
 * the prefix that a network translates to IPv4 by rules of its own (RFC 8215).
 */
const privateRanges = blockList(
  ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15', '192.0.0.0/24'],
  ['::1/128', 'fc00::/7', '64:ff9b:1::/48'],
);

function blockList(v4: readonly string[], v6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const [family, networks] of [
    ['ipv4', v4],
    ['ipv6', v6],
  ] as const) {
    for (const network of networks) {
      const [address = '', prefix] = network.split('/');
      list.addSubnet(address, Number(prefix), family);
    }
  }
  return list;
}

export interface AddressPolicy {
  /** Whether loopback, private and unique local addresses may be reached. */
  allowPrivate: boolean;
}

/** Why an IP address may not be contacted, or null where it may. */
export function refuseAddress(address: string, policy: AddressPolicy): string | null {
  if (isIP(address) === 0) return `${address} is not an IP address`;
  function isIn(list: BlockList) {
    return leadingTo(address).some((each) => list.check(each, isIPv6(each) ? 'ipv6' : 'ipv4'));
  }
  if (isIn(neverAllowed)) return `${address} is a link-local, metadata, multicast or reserved address`;
  if (policy.allowPrivate) return null;
  if (isIn(privateRanges)) return `${address} is a loopback or private address`;
  return isIn(ownAddresses()) ? `${address} is an address of this machine, which counts as private` : null;
}

/** Services on this machine trust it, also at an address that others can reach. */
function ownAddresses(): BlockList {
  const list = new BlockList();
  for (const { address, family } of Object.values(networkInterfaces()).flatMap((found) => found ?? [])) {
    list.addAddress(address, family === 'IPv6' ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** The address, and every IPv4 address that a network may take it for; only the IPv4 one where that is certain. */
function leadingTo(address: string): string[] {
  const bytes = ipv6Bytes(address);
  if (bytes === null) return [address];
  const embedded = embeddedIPv4(bytes);
  if (!isLocalNat64(bytes)) return [embedded ?? address];
  // The place of the IPv4 address depends on the length of the prefix that the network chose (RFC 6052).
  const places = [
    [6, 7, 9, 10],
    [7, 9, 10, 11],
    [9, 10, 11, 12],
    [12, 13, 14, 15],
  ];
  const candidates = places.map((place) => place.map((at) => bytes[at]).join('.'));
  // Zeros are where another length of prefix leaves nothing.
  return [address, ...candidates.filter((each) => !each.startsWith('0.'))];
}

function isLocalNat64(bytes: readonly number[]): boolean {
  return [0, 0x64, 0xff, 0x9b, 0, 1].every((byte, index) => bytes[index] === byte);
}

/** The IPv4 address inside an IPv6 one that leads to it: mapped, compatible, translated (SIIT), NAT64 and 6to4. */
function embeddedIPv4(bytes: readonly number[]): string | null {
  function zeros(from: number, to: number) {
    return bytes.slice(from, to).every((byte) => byte === 0);
  }
  const mapped = zeros(0, 10) && bytes[10] === 0xff && bytes[11] === 0xff;
  const compatible = zeros(0, 12) && !zeros(12, 15);
  const translated = zeros(0, 8) && bytes[8] === 0xff && bytes[9] === 0xff && zeros(10, 12);
  const nat64 = bytes[0] === 0 && bytes[1] === 0x64 && bytes[2] === 0xff && bytes[3] === 0x9b;
  if (mapped || compatible || translated || nat64) return bytes.slice(12).join('.');
  return bytes[0] === 0x20 && bytes[1] === 0x02 ? bytes.slice(2, 6).join('.') : null;
}

function ipv6Bytes(address: string): number[] | null {
  if (!isIPv6(address)) return null;
  const [plain = ''] = address.split('%', 1);
  const dotted = /(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
  const text = plain.replace(dotted, (_, a, b, c, d) => `${hexPair(a, b)}:${hexPair(c, d)}`);
  const [left = [], right] = text.split('::').map((side) => (side === '' ? [] : side.split(':')));
  const missing = right === undefined ? 0 : 8 - left.length - right.length;
  const words = [...left, ...Array.from({ length: missing }, () => '0'), ...(right ?? [])];
  return words.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff]);
}

function hexPair(high: string, low: string): string {
  return ((Number(high) << 8) | Number(low)).toString(16);
}

/** Checks the parts of a URL itself (scheme, credentials, literal address). Throws LinkError `forbidden_url`. */
export function checkUrl(text: string, policy: AddressPolicy): URL {
  const url = URL.parse(text);
  if (url === null) throw new LinkError('forbidden_url', `"${text}" is not a URL: give one like https://host/mcp.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new LinkError(
      'forbidden_url',
      `The URL has the scheme ${url.protocol}// but only http:// and https:// are spoken.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new LinkError('forbidden_url', 'The URL holds a user name or password: put them in an Authorization header.');
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0) checkAddress(host, url.hostname, policy);
  return url;
}

function checkAddress(address: string, host: string, policy: AddressPolicy): void {
  const reason = refuseAddress(address, policy);
  if (reason !== null) throw forbidden(host, [reason], policy);
}

function forbidden(host: string, reasons: readonly string[], policy: AddressPolicy): LinkError {
  const hint =
    policy.allowPrivate || !reasons.some((reason) => reason.includes('private'))
      ? ''
      : ' Reaching it needs the right to run processes, or ALLOW_PRIVATE_URLS.';
  return new LinkError('forbidden_url', `The hub may not contact ${host}: ${reasons.join(', ')}.${hint}`);
}

export const connectTimeoutMs = 10_000;

/**
 * A connector for undici that checks the very addresses it connects to, so that no change of DNS between a check and
 * the connection can lead elsewhere. The certificate of a TLS connection is noted in `certificates`.
 */
export function createGuardedConnector(
  policy: AddressPolicy,
  certificates: Certificates | null = null,
): buildConnector.connector {
  const connect = buildConnector({
    allowH2: false,
    timeout: connectTimeoutMs,
    // The types know only a socket's options; whatever is given here goes to net.connect and tls.connect.
    ...({ lookup: guardedLookup(policy) } as object),
  });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
    try {
      if (isIP(host) !== 0) checkAddress(host, options.hostname, policy);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    connect(options, (error, socket) => {
      if (error !== null) return callback(error, null);
      certificates?.note(`${options.protocol}//${options.host ?? options.hostname}`, socket);
      callback(null, socket);
    });
  };
}

/** A name service that says nothing in this time does not know the name. */
const lookupMs = 5_000;

/**
 * Checks a host for a request through a proxy. The proxy resolves the name, so this can only refuse what is known here:
 * an address, or a name one of whose addresses may not be contacted. Rejects with LinkError.
 */
export async function checkThroughProxy(host: string, policy: AddressPolicy): Promise<void> {
  if (isIP(host) !== 0) return checkAddress(host, host, policy);
  const found = await new Promise<LookupAddress[]>((resolve) => {
    const timer = setTimeout(() => resolve([]), lookupMs);
    resolveName(host, { all: true }, (error, addresses) => {
      clearTimeout(timer);
      resolve(error === null ? addresses : []);
    });
  });
  const reasons = found.map(({ address }) => refuseAddress(address, policy)).filter((reason) => reason !== null);
  if (reasons.length > 0) throw forbidden(host, reasons, policy);
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** A `lookup` of sockets that gives only addresses that may be contacted. */
export function guardedLookup(policy: AddressPolicy) {
  return (
    host: string,
    options: { all?: boolean; family?: number; hints?: number },
    callback: LookupCallback,
  ): void => {
    resolveName(host, { all: true, family: options.family ?? 0, hints: options.hints ?? 0 }, (error, found) => {
      if (error !== null) return callback(error, []);
      const reasons = found.map(({ address }) => refuseAddress(address, policy));
      const allowed = found.filter((_, index) => reasons[index] === null);
      const [first] = allowed;
      if (first === undefined)
        return callback(
          forbidden(
            host,
            reasons.filter((reason) => reason !== null),
            policy,
          ),
          [],
        );
      if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
