import type { Launch, RemoteLaunch, SignInSettings } from '@switchboard/mcp-runtime/types';

/** How a remote server is reached, and how people sign in to it. */
export interface Target {
  launch: RemoteLaunch;
  settings: SignInSettings;
}

export function targetOf(launch: Launch, settings: SignInSettings): Target | null {
  return launch.kind === 'sse' || launch.kind === 'streamable-http' ? { launch, settings } : null;
}
