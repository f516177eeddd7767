import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { isObject } from '@switchboard/basics';
import { readPlain } from '../containers/plain-file.ts';
import { DockerError } from '../errors.ts';
import { isInside, type Violation } from '../policy/policy.ts';
import { parseComposeText } from './compose-text.ts';
import { asList } from './compose-values.ts';

/** How deep files may include one another, and how many of them may be read. */
const mostFiles = 50;

interface Reference {
  where: string;
  path: unknown;
  /** Another Compose file, whose own references count too. */
  compose: boolean;
  /** Compose does without it where it is missing. */
  optional?: boolean;
}

/**
 * Finds the files that Compose would read while it resolves a stack: includes, extended files, environment and label
 * files. This has to happen before Compose runs, because the resolved model no longer says where a value came from.
 */
export async function checkStackSources(
  folder: string,
  file: string,
  envFile: string | null,
  /** The folder that this draft represents: its files count as inside. */
  draftOf: string = folder,
): Promise<Violation[]> {
  const root = realPath(folder);
  const roots = [root, realPath(draftOf)];
  const found: Violation[] = [];
  const seen = new Set<string>();
  const queue = [{ path: join(root, file), where: '' }];
  function refuse(where: string, message: string) {
    return found.push({ rule: 'outside-folder', where, message });
  }

  if (envFile !== null && !isInAny(realPath(join(root, envFile)), roots)) {
    refuse(envFile, `reads ${envFile}, which leads out of the stack's folder.`);
  }
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { path, where } = next;
    const real = realPath(path);
    if (!isInAny(real, roots)) {
      refuse(where === '' ? file : where, `reads ${path}, which leads out of the stack's folder.`);
      continue;
    }
    if (seen.has(real)) continue;
    seen.add(real);
    if (seen.size > mostFiles) {
      refuse(where, `reads more than ${mostFiles} files.`);
      break;
    }
    for (const reference of await referencesIn(real, where)) {
      const target = reference.path;
      if (typeof target !== 'string' || target === '') continue;
      const problem = checkReference(target, dirname(real), roots);
      if (problem !== null) {
        if (!found.some(({ where: known }) => known === reference.where)) refuse(reference.where, problem);
      } else if (reference.compose) queue.push({ path: resolve(dirname(real), target), where: reference.where });
    }
  }
  return found;
}

function isInAny(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => isInside(path, root));
}

function checkReference(target: string, base: string, roots: readonly string[]): string | null {
  if (target.includes('$')) return `reads ${target}: the path has to be written out.`;
  // Compose takes `github.com/…` for a repository even where a folder has that name.
  if (/^[\w.+@-]+:/.test(target) || /^github\.com\//i.test(target))
    return `reads ${target}, which is no file of the stack.`;
  if (target.startsWith('~')) return `reads ${target}, which lies outside the stack's folder.`;
  const path = isAbsolute(target) ? target : resolve(base, target);
  return isInAny(realPath(path), roots) ? null : `reads ${target}, which lies outside the stack's folder.`;
}

async function referencesIn(path: string, where: string): Promise<Reference[]> {
  const text = await readPlain(path).catch((error: unknown) => {
    if (error instanceof DockerError) throw error;
    // Compose itself says that it is missing.
    return null;
  });
  if (text === null) return [];
  const prefix = where === '' ? '' : `${where} → `;
  const references = parseComposeText(text).flatMap((document) => [
    ...includes(document['include']),
    ...Object.entries(isObject(document['services']) ? document['services'] : {}).flatMap(([name, service]) =>
      isObject(service) ? ofService(`services.${name}`, service) : [],
    ),
  ]);
  return references.map((reference) => ({ ...reference, where: prefix + reference.where }));
}

function includes(value: unknown): Reference[] {
  return asList(value).flatMap((entry, index) => {
    const where = `include[${index}]`;
    if (!isObject(entry)) return [{ where, path: entry, compose: true }, ...besides(where, entry, false)];
    return [
      ...asList(entry['path']).map((path) => ({ where: `${where}.path`, path, compose: true })),
      ...asList(entry['env_file']).map((path) => ({ where: `${where}.env_file`, path, compose: false })),
      { where: `${where}.project_directory`, path: entry['project_directory'], compose: false },
      ...asList(entry['path']).flatMap((path) => besides(`${where}.path`, path, false)),
      ...besides(`${where}.project_directory`, entry['project_directory'], true),
    ];
  });
}

/** Compose reads the environment file next to an included file by default. */
function besides(where: string, path: unknown, isFolder: boolean): Reference[] {
  if (typeof path !== 'string' || path === '') return [];
  return [{ where, path: join(isFolder ? path : dirname(path), '.env'), compose: false }];
}

function ofService(where: string, service: Record<string, unknown>): Reference[] {
  const { extends: extended } = service;
  return [
    ...(isObject(extended) ? [{ where: `${where}.extends.file`, path: extended['file'], compose: true }] : []),
    ...['env_file', 'label_file'].flatMap((key) =>
      asList(service[key]).map((entry) => ({
        where: `${where}.${key}`,
        path: isObject(entry) ? entry['path'] : entry,
        compose: false,
      })),
    ),
  ];
}

/** Resolves symbolic links as far as the path exists; what does not exist yet is kept as it is written. */
export function realPath(path: string): string {
  const rest: string[] = [];
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      return join(realpathSync(at), ...rest);
    } catch {
      // A dangling link: the person who creates its target would decide what is read.
      if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true) return join('/dangling', ...rest);
      if (dirname(at) === at) return resolve(path);
      rest.unshift(basename(at));
    }
  }
}
