import { isObject } from '@switchboard/basics';
import { excessOf } from '@switchboard/mcp-runtime/rules';
import type { JsonObject } from '../types.ts';
import { deepestState, mostState } from './bounds.ts';
import { childOf, indexIn, PointerError, tokensOf } from './pointer.ts';
import { canonical } from './schema/canonical.ts';

/** Why a patch cannot be applied. */
export class PatchError extends Error {
  override name = 'PatchError';
}

const mostOperations = 1000;
/** Characters that the operations of one patch copy and compare. */
const mostMoved = 4 * mostState;

type Container = JsonObject | unknown[];

/** A value and its place. */
interface Place {
  parent: Container;
  key: string;
}

/** One patch under way: the document hangs below `''` of the holder, so that its root is a place too. */
interface Patching {
  holder: JsonObject;
  movedLeft: number;
}

function spend(patching: Patching, value: unknown): void {
  patching.movedLeft -= JSON.stringify(value)?.length ?? 0;
  if (patching.movedLeft < 0) throw new PatchError('The patch copies or compares too much');
}

function placeOf({ holder }: Patching, pointer: unknown): Place {
  const tokens = ['', ...tokensOf(pointer)];
  const key = tokens.pop() ?? '';
  const parent = tokens.reduce<unknown>(childOf, holder);
  if (typeof parent === 'object' && parent !== null) return { parent: parent as Container, key };
  throw new PatchError(`What ${String(pointer).slice(0, 80)} lies in is no object and no list`);
}

function add({ parent, key }: Place, value: unknown): void {
  if (Array.isArray(parent)) parent.splice(key === '-' ? parent.length : indexIn(key, parent.length), 0, value);
  else parent[key] = value;
}

function remove({ parent, key }: Place): unknown {
  const value = childOf(parent, key);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return value;
}

function read({ parent, key }: Place): unknown {
  return childOf(parent, key);
}

function valueIn(operation: JsonObject): unknown {
  if (!Object.hasOwn(operation, 'value')) throw new PatchError('An operation lacks its value');
  return structuredClone(operation['value']);
}

function replace(place: Place, value: unknown): void {
  childOf(place.parent, place.key);
  if (Array.isArray(place.parent)) place.parent[Number(place.key)] = value;
  else place.parent[place.key] = value;
}

function isBelow(path: unknown, from: unknown): boolean {
  return typeof path === 'string' && typeof from === 'string' && path.startsWith(`${from}/`);
}

function assertSame(patching: Patching, found: unknown, wanted: unknown): void {
  spend(patching, found);
  if (canonical(found) !== canonical(wanted)) throw new PatchError('A test of the patch does not hold');
}

function perform(patching: Patching, operation: unknown): void {
  if (!isObject(operation)) throw new PatchError('An operation is an object');
  const { op, path, from } = operation;
  switch (op) {
    case 'add':
      return add(placeOf(patching, path), valueIn(operation));
    case 'remove':
      return void remove(placeOf(patching, path));
    case 'replace':
      return replace(placeOf(patching, path), valueIn(operation));
    case 'test':
      return assertSame(patching, read(placeOf(patching, path)), valueIn(operation));
    case 'copy': {
      const value = read(placeOf(patching, from));
      spend(patching, value);
      return add(placeOf(patching, path), structuredClone(value));
    }
    case 'move': {
      if (isBelow(path, from)) throw new PatchError('A value cannot be moved into itself');
      read(placeOf(patching, from));
      if (path === from) return;
      const value = remove(placeOf(patching, from));
      return add(placeOf(patching, path), value);
    }
    default:
      throw new PatchError(`There is no operation ${JSON.stringify(op ?? null).slice(0, 40)}`);
  }
}

/** A word where a state is larger or deeper than it may be. */
export function stateFault(state: unknown): string | null {
  if (!isObject(state)) return 'The state has to be an object';
  const text = JSON.stringify(state);
  if (text.length > mostState) return `The state has more than ${mostState} characters`;
  const excess = excessOf(text, { depth: deepestState, values: mostState });
  return excess === null ? null : `The state ${excess}`;
}

/**
 * Applies a JSON Patch (RFC 6902) to a document, all of it or nothing; the given document stays as it is. Throws
 * PatchError where that fails, or where the result is no state.
 */
export function applyPatch(document: JsonObject, patch: unknown): JsonObject {
  if (!Array.isArray(patch)) throw new PatchError('A patch is a list of operations');
  if (patch.length > mostOperations) throw new PatchError(`A patch has at most ${mostOperations} operations`);
  const patching: Patching = { holder: { '': structuredClone(document) }, movedLeft: mostMoved };
  try {
    for (const operation of patch) perform(patching, operation);
  } catch (error) {
    throw error instanceof PointerError ? new PatchError(error.message) : error;
  }
  const result = patching.holder[''];
  const fault = stateFault(result);
  if (fault !== null) throw new PatchError(fault);
  return result as JsonObject;
}
