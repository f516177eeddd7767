import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../config.ts';

function isDirectory(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Makes a folder that a setting names, with those above it. One by one: Node's recursive way does not return where a
 * file system (as /proc) answers that nothing is there. Throws ConfigError with the name of the setting.
 */
export function makeFolder(setting: string, folder: string, mode: number): void {
  const missing: string[] = [];
  try {
    for (let at = folder; !isDirectory(at) && at !== path.dirname(at); at = path.dirname(at)) missing.unshift(at);
    for (const each of missing) mkdirSync(each, { mode });
  } catch (error) {
    throw new ConfigError(`${setting}: ${folder} cannot be made: ${error instanceof Error ? error.message : ''}`);
  }
}
