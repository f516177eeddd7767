import type { Ctx } from '@switchboard/core';
import type { Reason } from '@switchboard/mcp-runtime/types';
import type { Streams } from './streams.ts';

/** What the page may know about the hub before anybody signed in. */
export interface InstanceInfo {
  name: string;
  version: string;
  /** Where clients reach the hub; null where it is not set. */
  publicUrl: string | null;
}

/** The settings the page shows; nothing secret. */
export interface ShownSettings {
  authMode: 'required' | 'open';
  allowPrivateUrls: boolean;
  database: 'embedded' | 'external';
  bodyLimit: number;
  allowedHosts: readonly string[];
  allowedOrigins: readonly string[];
  /** The image that processes move into; null where none is configured. */
  containerBaseImage: string | null;
  /** The proxies that lead to remote servers, without user and password; null where there is none, and for who may not run programs. */
  proxies: { http: string | null; https: string | null; noProxy: string } | null;
  /** What programs get of the hub's environment, without credentials; values are null for who may not run programs. */
  childEnv: readonly { name: string; value: string | null }[];
  /** Why processes cannot have accounts of their own; null where they can. */
  noOwnAccounts: Reason | null;
  /** Where a trace can be looked at, with `{traceId}` where its id belongs; null where nobody said. */
  traceUrl: string | null;
}

/** The browser's session cookie, as far as a procedure may touch it. */
export interface SessionCookie {
  set(value: string, expiresAt: Date): void;
  clear(): void;
}

/** What every procedure gets: the domain's context and what belongs to the way in. */
export interface ApiContext {
  core: Ctx;
  instance: InstanceInfo;
  settings: ShownSettings;
  streams: Streams;
  cookie: SessionCookie;
  /** Whether the browser brought a cookie of this name. */
  hasCookie(name: string): boolean;
  /** Where the caller reaches the hub. */
  ownUrl: string;
  /** The bearer credential that the request brought. */
  bearer: string | null;
  /** What a documented route may change about its answer. */
  reply: { status?: number; location?: string };
}
