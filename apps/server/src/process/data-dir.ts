import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../config.ts';

function isDirectory(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Creates the folder of a setting, with those above it, one by one: Node's recursive call does not return where a file
 * system (as /proc) answers that the path does not exist. Throws ConfigError with the name of the setting.
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
