import type { Ctx } from '@switchboard/core';
import type { Reason } from '@switchboard/mcp-runtime/types';
import type { Streams } from './streams.ts';

/** The facts about the hub that the page gets before anybody signed in. */
export interface InstanceInfo {
  name: string;
  version: string;
  /** The address of the hub for clients; null where it is not set. */
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
  /**
   * The variables of the hub's environment that programs get, without credentials; values are null for callers who may
   * not run programs.
   */
  childEnv: readonly { name: string; value: string | null }[];
  /** Why processes cannot have accounts of their own; null where they can. */
  noOwnAccounts: Reason | null;
  /** The address of traces, with `{traceId}` for the id; null where none is set. */
  traceUrl: string | null;
}

/** The browser's session cookie, as far as a procedure may touch it. */
export interface SessionCookie {
  set(value: string, expiresAt: Date): void;
  clear(): void;
}

/** The context of every procedure: the domain's, and the facts of the way in. */
export interface ApiContext {
  core: Ctx;
  instance: InstanceInfo;
  settings: ShownSettings;
  streams: Streams;
  cookie: SessionCookie;
  /** Whether the browser brought a cookie of this name. */
  hasCookie(name: string): boolean;
  /** The address under which the caller reaches the hub. */
  ownUrl: string;
  /** The bearer credential that the request brought. */
  bearer: string | null;
  /** The parts of its answer that a documented route may change. */
  reply: { status?: number; location?: string };
}
