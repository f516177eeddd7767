import { getDomain } from 'tldts';

/** The domain of a host that one owner has, by the Public Suffix List; the host itself where it is of no domain. */
function ownedDomain(address: string): string {
  const { hostname } = new URL(address);
  // Domains below which everybody can have a host, such as workers.dev, stand in the private part of the list.
  return getDomain(hostname, { allowPrivateDomains: true }) ?? hostname;
}

/** Whether two addresses are of one owner, as far as their hosts tell. */
export function isSameSite(one: string, other: string): boolean {
  return ownedDomain(one) === ownedDomain(other);
}
