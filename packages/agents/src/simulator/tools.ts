import { isObject } from '@switchboard/basics';
import { objectIn } from '../providers/json.ts';
import type { JsonObject } from '../types.ts';
import { canonical } from './schema/canonical.ts';
import { schemaCheck } from './schema/check.ts';
import type { Parameter, SimulatedAction } from './types.ts';

/** The names of types of parameters, in any case. */
const typeWords: Readonly<Record<string, string>> = {
  integer: 'integer',
  int: 'integer',
  long: 'integer',
  number: 'number',
  float: 'number',
  double: 'number',
  decimal: 'number',
  boolean: 'boolean',
  bool: 'boolean',
  array: 'array',
  list: 'array',
  object: 'object',
  dict: 'object',
  map: 'object',
  json: 'object',
};

function typeOf({ type }: Parameter): string {
  const word = type.trim().toLowerCase();
  return Object.hasOwn(typeWords, word) ? (typeWords[word] ?? 'string') : 'string';
}

/** A value that was written as a text in a form, as the type has it; as it is where it fits none. */
function typed(value: unknown, type: string): unknown {
  if (type === 'string') return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (type === 'integer' || type === 'number')
    return text !== '' && Number.isFinite(Number(text)) ? Number(text) : value;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : value;
  return value;
}

/** The options that are values of their type: with others, no value would be allowed. */
function optionsOf(parameter: Parameter, type: string): unknown[] {
  const options = (parameter.options ?? []).map((option) => typed(option, type));
  const check = schemaCheck({ type });
  const fitting = options.filter((option) => check(option).length === 0);
  return [...new Map(fitting.map((option) => [canonical(option), option])).values()];
}

function propertyOf(parameter: Parameter): JsonObject {
  const type = typeOf(parameter);
  const property: JsonObject = { type };
  if (parameter.description !== '') property['description'] = parameter.description;
  if (type === 'array') property['items'] = parameter.items ?? { type: 'string' };
  if (type === 'object' && parameter.properties !== undefined) property['properties'] = parameter.properties;
  const options = optionsOf(parameter, type);
  if (options.length > 0) property['enum'] = options;
  const fallback = defaultOf(parameter, property);
  if (fallback !== undefined) property['default'] = fallback;
  return property;
}

/** The default, unless it fits nothing or says nothing. */
function defaultOf(parameter: Parameter, property: JsonObject): unknown {
  const type = typeOf(parameter);
  const fallback = typed(parameter.default, type);
  if (fallback === undefined || fallback === null) return undefined;
  if (fallback === '' && (parameter.options?.length ?? 0) > 0) return undefined;
  return schemaCheck(property)(fallback).length === 0 ? fallback : undefined;
}

/** The JSON Schema of an action's arguments. */
export function inputSchemaOf(action: SimulatedAction): JsonObject {
  if (action.inputSchema !== null) return { ...action.inputSchema, type: 'object' };
  const properties = Object.fromEntries(action.parameters.map((parameter) => [parameter.key, propertyOf(parameter)]));
  const required = action.parameters.filter((parameter) => parameter.required).map(({ key }) => key);
  return { type: 'object', properties, ...(required.length > 0 ? { required: [...new Set(required)] } : {}) };
}

function descriptionOf({ name, displayName, description }: SimulatedAction): string {
  const parts = [displayName, description].map((part) => part.trim()).filter((part) => part !== '');
  return [...new Set(parts)].join(' - ') || name;
}

/** The MCP tool of an action. */
export function toolOf(action: SimulatedAction, inputSchema: JsonObject): JsonObject {
  const { name, outputSchema, annotations } = action;
  return {
    name,
    description: descriptionOf(action),
    inputSchema,
    // The protocol lets a tool give objects alone.
    ...(outputSchema !== null && outputSchema['type'] === 'object' ? { outputSchema } : {}),
    ...(annotations === null ? {} : { annotations }),
  };
}

/** The arguments with the defaults of what is missing. */
export function withDefaults(args: JsonObject, inputSchema: JsonObject): JsonObject {
  const filled = { ...args };
  for (const [key, property] of Object.entries(objectIn(inputSchema['properties']))) {
    if (key === '__proto__' || !isObject(property) || Object.hasOwn(args, key)) continue;
    if (property['default'] !== undefined) filled[key] = structuredClone(property['default']);
  }
  return filled;
}
