import path from 'node:path';
import { findDenoWith } from '../../apps/server/src/sandbox/deno-program.ts';

/** The Deno that hubs of tests run, which is fetched once as a hub does. */
export async function findTestDeno(): Promise<{ program: string } | { missing: string }> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const folder = path.join(import.meta.dirname, '../../.cache/deno');
  const program = await findDenoWith({ program: null, folder, env })({ fetching: () => undefined }).catch(
    (error: unknown) => error as Error,
  );
  if (typeof program === 'string') return { program };
  const missing = program === null ? 'There is no Deno for this machine.' : program.message;
  if (process.env['SWITCHBOARD_NO_SKIP'] === '1') throw new Error(`Nothing may be skipped here, but: ${missing}`);
  return { missing };
}
