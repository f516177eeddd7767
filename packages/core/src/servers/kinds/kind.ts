import { z } from 'zod';
import { serverKinds, type isolations } from '@switchboard/db/words';
import type { Launch } from '@switchboard/mcp-runtime/types';
import type { ContainerSettings, KeptContainer } from '../container-settings.ts';
import type { Expandable } from '../expand.ts';

export { serverKinds };
export const ServerKind = z.enum(serverKinds);
export type ServerKind = z.infer<typeof ServerKind>;

/** How messages travel to a server, whatever it runs in. */
export const transports = ['stdio', 'sse', 'streamable-http'] as const;
export type Transport = (typeof transports)[number];

/** Every field that says how a server is launched, as it is where a kind does not have it. */
export const emptyLaunch = {
  command: null,
  args: [] as string[],
  env: {},
  cwd: null,
  url: null,
  headers: {},
  container: null,
  secrets: {},
  signIn: null,
  app: null,
  graph: null,
};
export type LaunchField = keyof typeof emptyLaunch | 'account';

/** The values of a launch: placeholders replaced, secrets decrypted. */
export interface LaunchParts extends Expandable {
  app: string | null;
  /** Hash of what was reviewed of a generated tool. */
  reviewed: string | null;
  graph: string | null;
  container: KeptContainer | null;
  /** Uid of its own account; null = the shared one. */
  ownUid: number | null;
  /** Whether it may be at a private address. */
  allowPrivate: boolean;
  /** Whether the server may name proxies of its own. */
  ownProxies: boolean;
  /** Credentials in the hub's environment that programs of this machine get. */
  childSecrets: readonly string[] | undefined;
}

/** The values of an export: secrets as placeholders. */
export interface ExportParts extends Expandable {
  app: string | null;
  graph: string | null;
  container: KeptContainer | null;
}

/** All that sets servers of one kind apart from others. */
export interface Kind {
  /** The fields that start or reach it; other fields of a launch do not apply. */
  fields: readonly LaunchField[];
  /** The field that it cannot do without, and what to give there; null = no draft makes one. */
  needs: { field: 'command' | 'url' | 'container' | 'app' | 'graph'; hint: string } | null;
  /** For who gave it what belongs to another kind: "a stdio server has a command". */
  has: string;
  /** Words by which configs of clients call it, in lower case. */
  words: readonly string[];
  /** The place where it runs: the machine of the hub, an engine, the hub itself, or an address of somebody else. */
  place: 'machine' | 'engine' | 'hub' | 'elsewhere';
  /** The default isolation. */
  isolation: (typeof isolations)[number];
  /** The right that a launch takes, whatever its fields say; null = none. */
  right: 'server.run-process' | null;
  transport: (container: Pick<ContainerSettings, 'transport'> | null) => Transport;
  launch: (parts: LaunchParts) => Launch;
  /** Its part of an entry that clients read and that makes it again here; null = no config holds one. */
  config: ((parts: ExportParts) => Record<string, unknown>) | null;
}

/** Only what holds something. */
export function filled(fields: Record<string, object>): Record<string, object> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => Object.keys(value).length > 0));
}
