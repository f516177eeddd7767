import { invalid } from '../errors.ts';

export interface ImageReference {
  /** Registry host, null for the default one. */
  registry: string | null;
  /** With the registry, as the engine wants it. */
  repository: string;
  /** Tag or digest; `latest` where none is given. */
  tag: string;
}

const pathPattern = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
const registryPattern = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::\d+)?$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** Reads `nginx`, `registry:5000/team/app:1`, `app@sha256:…`. */
export function parseImageReference(text: string): ImageReference {
  const [name = '', digest] = text.trim().split('@');
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isRegistry = slash !== -1 && (/[.:]/.test(first) || first === 'localhost');
  const registry = isRegistry ? first : null;
  const rest = isRegistry ? name.slice(slash + 1) : name;
  const colon = rest.lastIndexOf(':');
  const path = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? 'latest' : rest.slice(colon + 1);
  const wellFormed =
    pathPattern.test(path) &&
    tagPattern.test(tag) &&
    (registry === null || registryPattern.test(registry)) &&
    (!digest || digestPattern.test(digest));
  if (!wellFormed) {
    throw invalid(
      'image',
      `"${text}" is no image name: it looks like "nginx", "nginx:1.29" or "registry:5000/team/app:1".`,
    );
  }
  return { registry, repository: registry === null ? path : `${registry}/${path}`, tag: digest ?? tag };
}

/** The one spelling of a reference: `repository:tag` or `repository@digest`. */
export function formatImageReference({ repository, tag }: ImageReference): string {
  return `${repository}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`;
}
