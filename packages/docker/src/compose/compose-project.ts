import { createHash } from 'node:crypto';
import { basename, dirname, extname, isAbsolute, join, normalize, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '@switchboard/basics';
import { invalid, type DockerError } from '../errors.ts';
import { parseComposeText } from './compose-text.ts';

export const composeFile = 'compose.yaml';
export const envFileName = '.env';
const projectName = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const plainName = /^COMPOSE_PROJECT_NAME=["']?([a-z0-9][a-z0-9_-]{0,62})["']?\r?$/;

/**
 * The name that a content gives its project, as Compose reads it: `COMPOSE_PROJECT_NAME` of the environment file, else
 * `name`; null where there is neither. Throws DockerError `invalid` where it is no name.
 */
export function declaredName(content: string, env: string | null = null): string | null {
  const byContent = parseComposeText(content)
    .map(({ name }) => name)
    .findLast((name) => name !== undefined);
  const named = nameInEnv(env ?? '') ?? byContent;
  if (named === undefined) return null;
  if (typeof named !== 'string' || !projectName.test(named)) {
    throw invalid(
      'name',
      'has to be written out in lower-case letters, digits, "-" and "_", beginning with a letter or digit.',
    );
  }
  return named;
}

/** Only a plain value is read: for any other, only Compose knows the result. */
function nameInEnv(env: string): string | undefined {
  return env
    .split('\n')
    .map((line) => plainName.exec(line)?.[1])
    .findLast((name) => name !== undefined);
}

/** The project of a content and a path: its name, else by its path, else by a hash of what it says. */
export function projectNameOf(content: string, path: string | null, env: string | null = null): string {
  const named = declaredName(content, env);
  if (named !== null) return named;
  if (path === null) return hashed('mcp', JSON.stringify(parseComposeText(content).map(sorted)));
  const { folder } = placeOf(path);
  const letters = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 63);
  // A path says the same whatever the content becomes.
  return letters === '' ? hashed('mcp', folder) : letters;
}

/** A project for a stack whose path gives a name that another stack has; the same for this folder always. */
export function apartName(project: string, folder: string): string {
  return hashed(project.slice(0, 52), folder);
}

function hashed(prefix: string, text: string): string {
  return `${prefix}-${createHash('sha256').update(text).digest('hex').slice(0, 10)}`;
}

/**
 * The content as it is written to disk. Where `docker compose`, run by hand in the folder, would take another project
 * name, the name is added at the end, or at the start of a map in braces; else the content is unchanged.
 */
export function withName(content: string, env: string | null, folder: string, project: string): string {
  try {
    // The project name that Compose derives from a folder.
    const byFolder = basename(folder)
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]/g, '')
      .replace(/^[-_]+/, '');
    if ((declaredName(content, env) ?? byFolder) === project || declaredName(content) !== null) return content;
    const written = content.trimStart().startsWith('{')
      ? content.replace('{', `{"name": "${project}", `)
      : `${content}${content.endsWith('\n') ? '' : '\n'}name: ${project}\n`;
    const [before, after] = [parseComposeText(content), parseComposeText(written)];
    const last = before.at(-1);
    const same = isDeepStrictEqual([...before.slice(0, -1), { ...last, name: project }], [...after]);
    return same ? written : content;
  } catch {
    return content;
  }
}

export interface StackPlace {
  /** Relative to the stacks folder; also the working directory of the stack. */
  folder: string;
  file: string;
}

/**
 * The place of a stack with this path. A path that names a YAML file is split; a file right in the stacks folder gets a
 * folder of its own, because a stack's folder contains no other stack.
 */
export function placeOf(path: string): StackPlace {
  const given = path.trim().replaceAll('\\', '/');
  if (given === '' || given.includes('\0')) throw badPath(path, 'is empty');
  if (isAbsolute(given) || /^[a-zA-Z]:/.test(given)) throw badPath(path, 'is absolute');
  if (given.split('/').includes('..')) throw badPath(path, 'holds ".."');
  const clean = normalize(given).replace(/\/$/, '');
  if (clean === '.' || clean.split('/').some((part) => part.startsWith('.'))) {
    throw badPath(path, 'names no folder of its own, or a hidden one');
  }
  if (!/\.ya?ml$/i.test(clean)) return { folder: clean, file: composeFile };
  const file = basename(clean);
  const folder = dirname(clean) === '.' ? basename(clean, extname(clean)) : dirname(clean);
  return { folder, file };
}

/** Joins a path below a folder that is known to be clean. */
export function below(root: string, relative: string): string {
  const joined = join(root, relative);
  if (joined !== root && !joined.startsWith(root.endsWith(sep) ? root : root + sep))
    throw badPath(relative, 'leads out');
  return joined;
}

function badPath(path: string, why: string): DockerError {
  return invalid('path', `"${path}" ${why}: give a relative path inside the stacks folder, for example "team/web".`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
