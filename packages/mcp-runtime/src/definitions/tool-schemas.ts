import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../types.ts';
import type { NoteChange } from './notes.ts';
import { schemaFault } from './schema-fault.ts';

const branchKeywords = ['oneOf', 'anyOf', 'allOf'] as const;

/** Some languages write an empty map as an empty list. */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function typesOf({ type }: JsonObject): string[] | null {
  if (type === undefined || type === null) return null;
  return (Array.isArray(type) ? type : [type]).map((each) => (typeof each === 'string' ? each.toLowerCase() : ''));
}

/** Whether a schema leaves room for an object, as far as its types say. */
function allowsObject(schema: JsonObject): boolean {
  const types = typesOf(schema);
  if (types !== null) return types.includes('object');
  return branchKeywords.every((keyword) => {
    const branches = schema[keyword];
    if (!Array.isArray(branches) || branches.length === 0) return true;
    function fits(branch: unknown): boolean {
      return !isObject(branch) || (typesOf(branch)?.includes('object') ?? true);
    }
    return keyword === 'allOf' ? branches.every(fits) : branches.some(fits);
  });
}

/** Clients take properties whose schema is an object: a schema that is true or false is written as the object that means the same. */
function tidyProperty(value: unknown): JsonObject {
  if (isObject(value)) return value;
  return value === false ? { not: {} } : {};
}

function tidyProperties(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.every(([, each]) => isObject(each))) return value;
  return Object.fromEntries(entries.map(([name, each]) => [name, tidyProperty(each)]));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

const rootFields: Readonly<Record<string, (value: unknown) => unknown>> = {
  $schema: (value) => (typeof value === 'string' ? value : undefined),
  properties: tidyProperties,
  required: (value) => (isTexts(value) ? value : undefined),
};

/** The schema with "type": "object" at its root and the root's own fields in order; null where it allows no object. */
function tidyRoot(schema: JsonObject, field: string, changed: NoteChange): JsonObject | null {
  if (!allowsObject(schema)) return null;
  if (schema['properties'] !== undefined && !isEmptyList(schema['properties']) && Array.isArray(schema['properties'])) {
    return null;
  }
  let tidy = schema;
  if (schema['type'] !== 'object') {
    tidy = { ...schema, type: 'object' };
    changed('input-type', null);
  }
  for (const [name, mend] of Object.entries(rootFields)) {
    if (!Object.hasOwn(schema, name)) continue;
    const better = mend(schema[name]);
    if (better === schema[name]) continue;
    tidy = { ...tidy, [name]: better };
    if (better === undefined) delete tidy[name];
    changed('field', `${field}.${name}`);
  }
  return tidy;
}

/**
 * The input of a tool, as strict clients want it: an object's schema. Only parts without a meaning for the arguments
 * are changed, so that they keep their shape; null where the schema describes something else.
 */
export function tidyInput(value: unknown, changed: NoteChange): JsonObject | null {
  if (value === undefined || value === null || value === true || isEmptyList(value)) {
    changed('input-missing', null);
    return { type: 'object' };
  }
  return isObject(value) ? tidyRoot(value, 'inputSchema', changed) : null;
}

/** The output of a tool; undefined where no client could check by it. Results are sent unchanged without. */
export function tidyOutput(value: unknown, changed: NoteChange): JsonObject | undefined {
  function invalid(why: string): undefined {
    changed('output-invalid', why);
  }
  if (value === null || value === undefined) return invalid('null');
  if (!isObject(value)) return invalid('it is no object');
  // One client keeps the schemas of all servers: by their identity one could take the place of another's.
  const { $id, ...anonymous } = value;
  const schema = tidyRoot($id === undefined ? value : anonymous, 'outputSchema', (reason, detail) =>
    reason === 'input-type' ? changed('field', 'outputSchema.type') : changed(reason, detail),
  );
  if (schema === null) return invalid('it describes no object');
  const fault = schemaFault(schema);
  if (fault !== null) return invalid(fault);
  if ($id !== undefined) changed('field', 'outputSchema.$id');
  return schema;
}
