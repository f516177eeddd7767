import { DockerError, invalid } from '../errors.ts';

/** The kinds of objects that have an id or a name on an engine. */
type Kind = 'container' | 'network' | 'volume';

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** A name for something new. Throws DockerError `invalid` where the engine would not take it. */
export function newName(kind: Kind, name: string): string {
  if (!namePattern.test(name))
    throw invalid('name', `"${name}" is no ${kind} name: letters, digits, "_", "." and "-".`);
  return name;
}

/**
 * A name or id that becomes part of a request's path. No object has one that could lead to another path, or make the
 * engine redirect, which the client would follow: throws DockerError `not_found`.
 */
export function soughtName(kind: Kind, name: string): string {
  if (!namePattern.test(name)) throw absent(kind, name);
  return name;
}

export function absent(kind: Kind, name: string): DockerError {
  return new DockerError('not_found', `There is no ${kind} "${name}".`, { status: 404 });
}

/** The error of a request, in the words of `absent` where the engine has no object of the name. */
export function explainAbsent(kind: Kind, name: string, error: unknown): unknown {
  return error instanceof DockerError && error.code === 'not_found' ? absent(kind, name) : error;
}
