import type { Launch, RemoteLaunch, SignInSettings } from '@switchboard/mcp-runtime/types';
import type { SignInWay } from '../servers/sign-in-settings.ts';

/** How a remote server is reached, and how people sign in to it. */
export interface Target {
  launch: RemoteLaunch;
  settings: SignInSettings;
  /** Who signs in. */
  way: SignInWay;
}

export function targetOf(launch: Launch, settings: SignInSettings, way: SignInWay): Target | null {
  return launch.kind === 'sse' || launch.kind === 'streamable-http' ? { launch, settings, way } : null;
}
