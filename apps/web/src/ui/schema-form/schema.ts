import { isObject } from '@switchboard/basics';

/**
 * Reads JSON Schema as far as a form needs it. Everything here is pure; what it cannot express becomes a
 * JSON field, so no schema is ever a dead end.
 */

export type Schema = { [key: string]: unknown };
export type Path = readonly (string | number)[];

export type FieldKind =
  | 'string'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'null'
  | 'enum'
  | 'choices'
  | 'array'
  | 'object'
  | 'union'
  | 'json';

export interface Option {
  value: unknown;
  label: string;
  description: string | null;
}

export function isSchema(value: unknown): value is Schema {
  return isObject(value);
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function pointer(root: Schema, ref: string): Schema | null {
  if (!ref.startsWith('#')) return null;
  let here: unknown = root;
  for (const part of ref.slice(1).split('/').filter(Boolean)) {
    if (typeof here !== 'object' || here === null) return null;
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    here = Object.hasOwn(here, key) ? (here as Schema)[key] : undefined;
  }
  return isSchema(here) ? here : null;
}

function mergeAll(base: Schema, parts: readonly Schema[]): Schema {
  return parts.reduce(
    (merged, part) => ({
      ...part,
      ...merged,
      properties: { ...(merged['properties'] as Schema), ...(part['properties'] as Schema) },
      required: [...asList(merged['required']), ...asList(part['required'])],
    }),
    base,
  );
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Follows local references, joins `allOf`, and unwraps "this or null". */
export function resolve(schema: unknown, root: Schema, depth = 0): Schema {
  if (!isSchema(schema) || depth > 16) return {};
  const ref = text(schema['$ref']);
  if (ref !== null) {
    const { $ref: _ref, ...beside } = schema;
    return resolve({ ...pointer(root, ref), ...beside }, root, depth + 1);
  }
  const all = asList(schema['allOf']);
  if (all.length > 0) {
    const { allOf: _all, ...rest } = schema;
    return mergeAll(
      rest,
      all.map((part) => resolve(part, root, depth + 1)),
    );
  }
  for (const key of ['anyOf', 'oneOf'] as const) {
    const variants = asList(schema[key]).filter((each) => !isSchema(each) || each['type'] !== 'null');
    if (variants.length === 1 && asList(schema[key]).length > 0) {
      const { [key]: _variants, ...rest } = schema;
      return resolve({ ...resolve(variants[0], root, depth + 1), ...rest }, root, depth + 1);
    }
  }
  return schema;
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function constOptions(list: unknown[]): Option[] | null {
  const options: Option[] = [];
  for (const each of list) {
    if (!isSchema(each) || !('const' in each)) return null;
    options.push({
      value: each['const'],
      label: text(each['title']) ?? word(each['const']),
      description: text(each['description']),
    });
  }
  return options.length > 0 ? options : null;
}

/** The values a field may take, where the schema lists them (plain, named, or titled). */
export function options(schema: Schema): Option[] | null {
  const values = asList(schema['enum']);
  if (values.length > 0) {
    const names = asList(schema['enumNames']);
    return values.map((value, index) => ({
      value,
      label: text(names[index]) ?? word(value),
      description: null,
    }));
  }
  return constOptions(asList(schema['oneOf'])) ?? constOptions(asList(schema['anyOf']));
}

export function variants(schema: Schema): unknown[] {
  const any = asList(schema['anyOf']);
  return any.length > 0 ? any : asList(schema['oneOf']);
}

export function typeOf(schema: Schema): string | null {
  const type = schema['type'];
  if (typeof type === 'string') return type;
  const types = asList(type).filter((each) => each !== 'null');
  return types.length === 1 && typeof types[0] === 'string' ? types[0] : null;
}

/** Which field shows a (resolved) schema. */
export function kindOf(schema: Schema, root: Schema): FieldKind {
  if (options(schema)) return 'enum';
  const type = typeOf(schema);
  if (type === 'array') {
    const items = resolve(schema['items'], root);
    if (Array.isArray(schema['prefixItems']) || !isSchema(schema['items'])) return 'json';
    return options(items) ? 'choices' : 'array';
  }
  if (type === 'object' || (type === null && isSchema(schema['properties']))) {
    return isSchema(schema['properties']) && Object.keys(schema['properties']).length > 0 ? 'object' : 'json';
  }
  if (type === 'string' || type === 'number' || type === 'integer' || type === 'boolean' || type === 'null')
    return type;
  return variants(schema).length > 1 ? 'union' : 'json';
}

export interface Property {
  name: string;
  schema: Schema;
  required: boolean;
}

/** The properties of an object schema: required first, else in the schema's order. */
export function properties(schema: Schema, root: Schema): Property[] {
  const required = new Set(asList(schema['required']));
  const all = Object.entries(isSchema(schema['properties']) ? schema['properties'] : {}).map(([name, each]) => ({
    name,
    schema: resolve(each, root),
    required: required.has(name),
  }));
  return [...all.filter((each) => each.required), ...all.filter((each) => !each.required)];
}

/** What a field starts with; undefined where it is left out. */
export function initial(schema: Schema, root: Schema, required: boolean, depth = 0): unknown {
  if ('default' in schema) return structuredClone(schema['default']);
  if ('const' in schema) return schema['const'];
  if (!required || depth > 6) return undefined;
  const kind = kindOf(schema, root);
  switch (kind) {
    case 'object': {
      const value: Schema = {};
      for (const each of properties(schema, root)) {
        const start = initial(each.schema, root, each.required, depth + 1);
        if (start !== undefined) value[each.name] = start;
      }
      return value;
    }
    case 'array':
    case 'choices':
      return [];
    case 'boolean':
      return false;
    case 'null':
      return null;
    case 'union':
      return initial(resolve(variants(schema)[0], root), root, true, depth + 1);
    case 'json':
      return typeOf(schema) === 'object' ? {} : typeOf(schema) === 'array' ? [] : undefined;
    case 'enum':
      return options(schema)?.length === 1 ? options(schema)?.[0]?.value : undefined;
    case 'string':
    case 'number':
    case 'integer':
      return undefined;
  }
}

export function pathKey(path: Path): string {
  return path.join('.');
}

/** The value with one part replaced; undefined takes an object's property away. */
export function assign(value: unknown, path: Path, next: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return next;
  if (typeof head === 'number') {
    const list = Array.isArray(value) ? [...value] : [];
    list[head] = assign(list[head], rest, next);
    return list;
  }
  const object: Schema = isSchema(value) ? { ...value } : {};
  const inner = assign(object[head], rest, next);
  if (inner === undefined) delete object[head];
  else object[head] = inner;
  return object;
}
