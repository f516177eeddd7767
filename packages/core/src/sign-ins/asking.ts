import type { Challenge } from '@switchboard/mcp-runtime/types';
import type { KeeperOptions } from './renewal.ts';
import type { Target } from './target.ts';

/** Names under which owners give credentials of their own. */
const credentialName = /auth|key|token|secret|cookie|passw|credential/i;
const lookMs = 15_000;
/** A server that was looked at is not looked at with each call. */
const pauseMs = 60_000;
const mostLooked = 10_000;

/** Whether the owner gave a server credentials: what it refuses then are those, and nobody’s sign-in would help. */
function hasCredentials({ launch, settings }: Target): boolean {
  if (settings.issuer !== null || settings.clientId !== null) return false;
  const url = URL.parse(launch.url);
  const names = [...Object.keys(launch.headers), ...(url?.searchParams.keys() ?? [])];
  return names.some((name) => credentialName.test(name)) || (url?.username ?? '') !== '';
}

/** Tells a server that wants people to sign in from one that refused something once. */
export function createAsking({ protocol, clock }: Pick<KeeperOptions, 'protocol' | 'clock'>) {
  const looked = new Map<string, number>();
  return async (serverId: string, target: Target, challenge: Challenge): Promise<boolean> => {
    if (hasCredentials(target)) return false;
    if (/(?:^|,)\s*bearer(?:[\s,]|$)/i.test(challenge.header?.slice(0, 4096) ?? '')) return true;
    if (clock.now() - (looked.get(serverId) ?? -Infinity) < pauseMs) return false;
    if (looked.size >= mostLooked) looked.clear();
    looked.set(serverId, clock.now());
    const asked = { ...target, challenge, signal: AbortSignal.timeout(lookMs), step: () => undefined };
    return protocol.issuer(asked).then(
      ({ isStated }) => isStated,
      () => false,
    );
  };
}
