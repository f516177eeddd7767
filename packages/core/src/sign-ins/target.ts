import type { Launch, RemoteLaunch, SignInSettings } from '@switchboard/mcp-runtime/types';

/** How a remote server is reached, and how people sign in to it. */
export interface Target {
  launch: RemoteLaunch;
  settings: SignInSettings;
}

/** What holds where the owner says nothing. */
export const usualSettings: SignInSettings = {
  flow: 'person',
  issuer: null,
  clientId: null,
  clientSecret: null,
  privateKey: null,
  scopes: null,
  audience: null,
  sendResource: true,
  assumePkce: false,
  parameters: {},
};

export function targetOf(launch: Launch | null): Target | null {
  if (launch === null || (launch.kind !== 'sse' && launch.kind !== 'streamable-http')) return null;
  return { launch, settings: usualSettings };
}
