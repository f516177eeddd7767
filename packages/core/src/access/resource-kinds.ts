import type { Action } from './actions.ts';

/** Everything that a right can be about and a key can name by reference. */
type Family = 'engine' | 'container' | 'image' | 'volume' | 'network' | 'stack' | 'model';

interface ResourceKind {
  /** Kinds of objects that a key which names such a resource may be asked about. */
  families: readonly Family[];
  /** How a reference looks. */
  example: string;
}

/**
 * The objects besides servers and groups that a key can be confined to. A reference is `<kind>:<name>`, without
 * wildcards; a name on an engine starts with the engine's.
 */
export const resourceKinds = {
  engine: { families: ['engine', 'container', 'image', 'volume', 'network', 'stack'], example: 'engine:local' },
  // Of images those that it builds; `engine` is for the work on it, which runs there.
  stack: {
    families: ['engine', 'container', 'image', 'volume', 'network', 'stack'],
    example: 'stack:local/web',
  },
  container: { families: ['container'], example: 'container:local/web-1' },
  image: { families: ['image'], example: 'image:local/nginx:1.27' },
  volume: { families: ['volume'], example: 'volume:local/data' },
  network: { families: ['network'], example: 'network:local/front' },
  model: { families: ['model'], example: 'model:gpt-4o' },
} as const satisfies Record<string, ResourceKind>;

export type ResourceKindName = keyof typeof resourceKinds;

export const resourceKindNames = Object.keys(resourceKinds) as ResourceKindName[];

export interface Reference {
  kind: ResourceKindName;
  name: string;
}

/** The parts of a reference; null where its kind is none, or it has no name. */
export function readReference(text: string): Reference | null {
  const end = text.indexOf(':');
  const kind = text.slice(0, Math.max(end, 0));
  const name = text.slice(end + 1);
  return Object.hasOwn(resourceKinds, kind) && name !== '' ? { kind: kind as ResourceKindName, name } : null;
}

/** Kinds that are an engine or lie on one. */
export type EngineKindName = Exclude<ResourceKindName, 'model'>;

/** The reference to an engine, or to something on it. */
export function referenceTo(kind: EngineKindName, engine: string, name?: string): string {
  return `${kind}:${engine}${name === undefined ? '' : `/${name}`}`;
}

/** The reference to a model. */
export function modelReference(name: string): string {
  return `model:${name}`;
}

/** Whether some of the references names an object of the kind that the action is about. */
export function namesKindOf(resources: readonly string[], action: Action): boolean {
  const family = action.slice(0, action.indexOf('.'));
  return resources.some((resource) => {
    const reference = readReference(resource);
    const families: readonly string[] = reference ? resourceKinds[reference.kind].families : [];
    return families.includes(family);
  });
}

/** Whether some of the references is a whole engine. */
export function namesEngine(resources: readonly string[]): boolean {
  return resources.some((resource) => readReference(resource)?.kind === 'engine');
}
