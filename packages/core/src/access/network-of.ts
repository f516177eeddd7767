import { isIPv6 } from 'node:net';

/**
 * The key for counts by address: an IPv4 address unchanged, also where it is written as an IPv6 one, and of an IPv6
 * address the /64 network, because one customer has all of its addresses.
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%', 1);
  if (!isIPv6(plain)) return address;
  const text = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(text);
  if (mapped) {
    const words = mapped.slice(1).map((word) => Number.parseInt(word, 16));
    return words.flatMap((word) => [word >> 8, word & 0xff]).join('.');
  }
  const [left = [], right] = text.split('::').map((side) => (side === '' ? [] : side.split(':')));
  const missing = right === undefined ? 0 : 8 - left.length - right.length;
  const words = [...left, ...Array.from({ length: missing }, () => '0'), ...(right ?? [])];
  return `${words.slice(0, 4).join(':')}::/64`;
}
