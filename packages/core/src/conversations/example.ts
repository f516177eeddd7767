import type { JsonObject } from '@switchboard/agents';
import { isObject } from '@switchboard/basics';

const mostFields = 8;
const longestText = 60;

function isShort(value: unknown): boolean {
  return JSON.stringify(value).length <= longestText;
}

function valueFor(schema: unknown): unknown {
  if (!isObject(schema)) return '…';
  const { default: usual, enum: options, examples, type, minimum } = schema;
  const given = [usual, ...(Array.isArray(examples) ? examples : []), ...(Array.isArray(options) ? options : [])];
  const found = given.find((value) => value !== undefined && isShort(value));
  if (found !== undefined) return found;
  if (type === 'number' || type === 'integer') return typeof minimum === 'number' ? minimum : 1;
  if (type === 'boolean') return true;
  if (type === 'array') return [];
  return type === 'object' ? {} : '…';
}

/** Arguments to begin with: what a tool cannot do without. */
export function exampleOf(inputSchema: unknown): JsonObject {
  if (!isObject(inputSchema) || !Array.isArray(inputSchema['required'])) return {};
  const { properties } = inputSchema;
  const names = inputSchema['required'].slice(0, mostFields).filter((name) => typeof name === 'string');
  return Object.fromEntries(
    names.map((name) => [
      name,
      valueFor(isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined),
    ]),
  );
}
