import type { z } from 'zod';
import type { AppAction } from '../fields.ts';
import type { AppParameter } from '../schema.ts';

type Action = z.output<typeof AppAction>;
type Parameter = z.output<typeof AppParameter>;
type Rest = Partial<Omit<Parameter, 'key' | 'required' | 'description' | 'type'>>;

function parameter(type: string) {
  return (key: string, description: string, rest: Rest = {}): Parameter => ({
    key: key.replace('*', ''),
    type,
    required: key.endsWith('*'),
    description,
    ...rest,
  });
}

/** Parameters by their type. A `*` after the key says that it is required. */
export const text = parameter('String');
export const whole = parameter('Integer');
export const flag = parameter('Boolean');
export const list = parameter('Array');

/** A text that is one of some words. */
export function oneOf(key: string, description: string, options: readonly string[], fallback?: string): Parameter {
  return text(key, description, { options: [...options], ...(fallback === undefined ? {} : { default: fallback }) });
}

interface Wording {
  displayName: string;
  description: string;
  parameters?: Parameter[];
  /** The template of the answer where no model gives one. */
  body: string;
  /** The template of what it changes. */
  changes?: string;
}

function kind(annotations: Record<string, boolean>) {
  return (name: string, { displayName, description, parameters = [], body, changes }: Wording): Action => ({
    name,
    displayName,
    description,
    parameters,
    inputSchema: null,
    outputSchema: null,
    annotations,
    answers: [
      { mode: 'model', model: null, cache: false },
      { mode: 'template', body },
    ],
    changes: changes ?? null,
  });
}

/** An action that looks something up. */
export const reads = kind({ readOnlyHint: true, destructiveHint: false, idempotentHint: true });
/** An action that makes or changes something. */
export const writes = kind({ readOnlyHint: false, destructiveHint: false, idempotentHint: false });
/** An action that takes something away or cuts it off. */
export const destroys = kind({ readOnlyHint: false, destructiveHint: true, idempotentHint: true });

/** A list of the values of an object, as a part of a template. */
export function valuesOf(path: string): string {
  const each = '{{ entry[1] | json }}{% unless forloop.last %},{% endunless %}';
  return `[{% for entry in ${path} %}${each}{% endfor %}]`;
}

/** Operations that take the first entry of an object away once it has that many, so that a state stays small. */
export function roomIn(path: string, most: number): string {
  const remove = `{"op": "remove", "path": "/${path.replaceAll('.', '/')}/{{ entry[0] | pointer }}"},`;
  return `{% assign known = state.${path}.size %}{% if known >= ${most} %}{% for entry in state.${path} limit: 1 %}${remove}{% endfor %}{% endif %}`;
}

/** The changes of an action, unless its answer says that it failed. */
export function unlessFailed(changes: string): string {
  return `{% unless answer.success == false %}${changes}{% endunless %}`;
}
