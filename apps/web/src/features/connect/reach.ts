/** From where a client can sign in: nowhere, on the machine or in the network of the hub, or from the internet too. */
export type Reach = 'none' | 'here' | 'anywhere';

/** The hub lets clients sign in at its public address, or at a name of the machine that it runs on. */
export function reachOf(publicUrl: string | null, hostname: string): Reach {
  if (publicUrl !== null) return publicUrl.startsWith('https:') ? 'anywhere' : 'here';
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname) ? 'here' : 'none';
}
