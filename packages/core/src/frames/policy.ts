import { z } from 'zod';
import type { DeclaredHost, HostUse } from './schema.ts';

/** Entries of one list of a declaration that are read. */
const mostEntries = 16;
const longestSource = 300;

const Declaration = z.record(z.string(), z.unknown()).catch({});

/** The use that each list of a declaration stands for. */
const uses = {
  connectDomains: 'connect',
  resourceDomains: 'load',
  frameDomains: 'show',
  baseUriDomains: 'base',
} as const satisfies Record<string, HostUse>;

const hostPattern = /^(https?|wss?):\/\/(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?\/?$/;

/**
 * A host that a policy may name; null for anything else. A path is none: without it the policy would allow more than
 * was declared. Of `*` at least two names follow, so that no whole country is meant.
 */
export function toSource(written: unknown): string | null {
  if (typeof written !== 'string' || written.length > longestSource) return null;
  const source = written.toLowerCase();
  if (!hostPattern.test(source)) return null;
  if (source.includes('*') && !/\*\.[^.]+\../.test(source)) return null;
  return source.replace(/\/$/, '');
}

/** Reads the `csp` of an interface, which is free text of its server. */
export function readDeclaration(csp: unknown): { hosts: DeclaredHost[]; ignored: number } {
  const found = new Map<string, Set<HostUse>>();
  let ignored = 0;
  const declared = Declaration.parse(csp);
  for (const [name, use] of Object.entries(uses)) {
    const list: unknown[] = Array.isArray(declared[name]) ? declared[name] : [];
    ignored += Math.max(0, list.length - mostEntries);
    for (const written of list.slice(0, mostEntries)) {
      const source = toSource(written);
      if (source === null) ignored += 1;
      else found.set(source, (found.get(source) ?? new Set()).add(use));
    }
  }
  return { hosts: [...found].map(([source, all]) => ({ source, uses: [...all] })), ignored };
}

/**
 * The policy of a document in a frame: an origin of its own that is nobody's, and nothing of the network but the hosts
 * that a person allowed. Its scripts may do what they like within that.
 */
export function policyOf(hosts: readonly DeclaredHost[]): string {
  function named(use: HostUse): string {
    return hosts.flatMap(({ source, uses: all }) => (all.includes(use) ? [` ${source}`] : [])).join('');
  }
  const load = named('load');
  return [
    'sandbox allow-scripts allow-forms',
    "default-src 'none'",
    `script-src 'unsafe-inline' blob: data:${load}`,
    `style-src 'unsafe-inline' blob: data:${load}`,
    `img-src blob: data:${load}`,
    `media-src blob: data:${load}`,
    `font-src blob: data:${load}`,
    `worker-src blob:${load}`,
    `connect-src${named('connect') || " 'none'"}`,
    `frame-src${named('show') || " 'none'"}`,
    `base-uri${named('base') || " 'none'"}`,
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}
