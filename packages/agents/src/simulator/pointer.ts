/** Why a JSON Pointer or what it leads through is none. */
export class PointerError extends Error {
  override name = 'PointerError';
}

/** The tokens of a JSON Pointer (RFC 6901); throws PointerError. */
export function tokensOf(pointer: unknown): string[] {
  if (typeof pointer !== 'string') throw new PointerError('A path has to be a text');
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new PointerError('A path begins with /');
  return pointer.slice(1).split('/').map(unescaped);
}

function unescaped(token: string): string {
  if (/~(?![01])/.test(token)) throw new PointerError('A ~ in a path stands before 0 or 1');
  if (token === '__proto__') throw new PointerError('A path does not lead to __proto__');
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The index that a token is in a list; throws PointerError where it is none up to `most`. */
export function indexIn(token: string, most: number): number {
  const index = /^(?:0|[1-9]\d{0,8})$/.test(token) ? Number(token) : -1;
  if (index < 0 || index > most) throw new PointerError(`There is no place ${token.slice(0, 40)} in the list`);
  return index;
}

/** The value in an object or list under a token; throws PointerError where there is none. */
export function childOf(parent: unknown, token: string): unknown {
  if (typeof parent !== 'object' || parent === null) throw new PointerError(`Nothing lies above ${token.slice(0, 40)}`);
  if (Array.isArray(parent)) return parent[indexIn(token, parent.length - 1)];
  if (!Object.hasOwn(parent, token)) throw new PointerError(`There is no ${token.slice(0, 40)}`);
  return (parent as Record<string, unknown>)[token];
}

/** The value at a pointer; undefined where there is none. */
export function valueAt(document: unknown, pointer: string): unknown {
  try {
    return tokensOf(pointer).reduce(childOf, document);
  } catch (error) {
    if (!(error instanceof PointerError)) throw error;
    return undefined;
  }
}
