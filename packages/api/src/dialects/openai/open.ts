import { z } from 'zod';

/** Levels that a value may have which the hub passes on unread: schemas of tools are the deepest, and have a dozen. */
const mostLevels = 64;
/** Fields of a request that the hub does not know. */
const mostOthers = 64;
/** Characters and values of all of them. */
const mostOfOthers = 262_144;
const longestName = 128;

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** Whether a value has no more levels than this. Bodies are bounded in depth and number before. */
function fits(value: unknown, levels: number): boolean {
  return levels > 0 && entriesOf(value).every(([, entry]) => fits(entry, levels - 1));
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return entriesOf(value).reduce((sum, [name, entry]) => sum + name.length + sizeOf(entry), 1);
}

/** A value that is passed on as it is. */
export const Open = z
  .unknown()
  .refine((value) => fits(value, mostLevels), { error: `must have at most ${mostLevels} levels` });

/** The fields that the hub uses itself and does not pass on. */
const ownFields = ['model', 'messages', 'tools', 'stream', 'stream_options', 'mcp_servers'] as const;

type Others = Readonly<Record<string, unknown>>;

/** The fields of a request that go to the provider. */
export function othersOf(body: Others): Record<string, unknown> {
  const own: readonly string[] = ownFields;
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => !own.includes(name) && value !== undefined));
}

/** Bounds what is passed on in number and size. */
export function boundOthers(body: Others, issues: z.RefinementCtx): void {
  const others = Object.entries(othersOf(body));
  function refuse(message: string, path: string[] = []) {
    issues.addIssue({ code: 'custom', message, path });
  }
  if (others.length > mostOthers) refuse(`must have at most ${mostOthers} fields besides model, messages and tools`);
  const long = others.find(([name]) => name.length > longestName);
  if (long) refuse(`must have a name of at most ${longestName} characters`, [long[0]]);
  if (sizeOf(Object.fromEntries(others)) > mostOfOthers) {
    refuse(`its fields besides messages and tools must have at most ${mostOfOthers} characters together`);
  }
}
