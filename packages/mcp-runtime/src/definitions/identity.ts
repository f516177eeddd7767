import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../types.ts';
import { mendFields, serverInfo } from './fields.ts';
import { longestInstructions, longestName } from './limits.ts';
import { measure } from './measure.ts';
import type { Notes } from './notes.ts';
import type { ServerIdentity } from './server-identity.ts';

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** Flags of each capability that clients look at. */
const flagsByName: Readonly<Record<string, readonly string[]>> = {
  tools: ['listChanged'],
  prompts: ['listChanged'],
  resources: ['listChanged', 'subscribe'],
  logging: [],
  completions: [],
};

function tidyCapability(name: string, value: unknown): unknown {
  if (name === 'experimental' || name === 'extensions') {
    if (!isObject(value)) return undefined;
    const odd = Object.entries(value).some(([, each]) => !isObject(each));
    return odd ? Object.fromEntries(Object.entries(value).filter(([, each]) => isObject(each))) : value;
  }
  if (name === 'tasks') return isTasks(value) ? value : undefined;
  const flags = flagsByName[name];
  if (flags === undefined) return value;
  // Declared, if in an odd way: its items are in its lists.
  if (!isObject(value)) return value === false || name === 'logging' || name === 'completions' ? undefined : {};
  const odd = flags.filter((flag) => Object.hasOwn(value, flag) && !isFlag(value[flag]));
  if (odd.length === 0) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !odd.includes(key)));
}

/** Objects within objects: `requests.tools.call` and the like. */
function isTasks(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { list, cancel, requests } = value;
  if (![list, cancel, requests].every((each) => each === undefined || isObject(each))) return false;
  return Object.values(requests ?? {}).every(
    (methods) => isObject(methods) && Object.values(methods).every((each) => isObject(each)),
  );
}

function tidyCapabilities(capabilities: JsonObject, notes: Notes): JsonObject {
  const entries = Object.entries(capabilities).map(
    ([name, value]) => [name, value, tidyCapability(name, value)] as const,
  );
  for (const [name, value, tidy] of entries) if (tidy !== value) note(notes, `capabilities.${name}`);
  return Object.fromEntries(entries.flatMap(([name, , tidy]) => (tidy === undefined ? [] : [[name, tidy]])));
}

function note(notes: Notes, field: string): void {
  notes.add({ type: 'server', name: null, effect: 'changed', reason: 'field', detail: field.slice(0, 100) });
}

/** Empty where the server does not state its name: the hub's own is used then. */
function tidyInfo(info: JsonObject, notes: Notes): JsonObject {
  const { name, version } = info;
  if (typeof name !== 'string' || name.length > longestName.tool || typeof measure(info) === 'string') {
    note(notes, 'serverInfo');
    return {};
  }
  const tidy = mendFields(info, serverInfo, (field) => note(notes, `serverInfo.${field}`));
  if (typeof version === 'string') return tidy;
  note(notes, 'serverInfo.version');
  return { ...tidy, version: typeof version === 'number' ? String(version) : '' };
}

/** A server's own description, in the form that strict clients demand. */
export function tidyIdentity(identity: ServerIdentity, notes: Notes): ServerIdentity {
  const { instructions } = identity;
  const long = instructions !== null && instructions.length > longestInstructions;
  if (long) notes.add({ type: 'server', name: null, effect: 'changed', reason: 'instructions-cut', detail: null });
  const heavy = typeof measure(identity.capabilities) === 'string';
  if (heavy) note(notes, 'capabilities');
  return {
    ...identity,
    capabilities: heavy ? {} : tidyCapabilities(identity.capabilities, notes),
    serverInfo: tidyInfo(identity.serverInfo, notes),
    instructions: long ? instructions.slice(0, longestInstructions).toWellFormed() : instructions,
  };
}
