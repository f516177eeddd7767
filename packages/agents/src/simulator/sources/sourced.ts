import { isObject } from '@switchboard/basics';
import { objectIn, textIn } from '../../providers/json.ts';
import type { JsonObject } from '../../types.ts';
import type { Parameter, SimulatedAction } from '../types.ts';

/** A part that could not be converted, and its place. */
export interface SourceProblem {
  where: string;
  message: string;
}

/** Actions made of something else. */
export interface Sourced {
  actions: SimulatedAction[];
  problems: SourceProblem[];
}

const longestDescription = 4000;
const mostParameters = 200;

/** A description, cut. */
export function described(value: unknown): string {
  const text = textIn(value).trim();
  return text.length > longestDescription ? `${text.slice(0, longestDescription)}…` : text;
}

/** An action that has but a name. */
export function bareAction(name: string): SimulatedAction {
  return {
    name,
    displayName: '',
    description: '',
    parameters: [],
    inputSchema: null,
    outputSchema: null,
    annotations: null,
    answers: [],
    changes: null,
  };
}

const typeNames: Readonly<Record<string, string>> = {
  integer: 'Integer',
  number: 'Number',
  boolean: 'Boolean',
  array: 'Array',
  object: 'Object',
};

function typeNameOf({ type }: JsonObject): string {
  const types: unknown[] = Array.isArray(type) ? type : [type];
  const known = types.find((each) => typeof each === 'string' && Object.hasOwn(typeNames, each));
  return typeof known === 'string' ? (typeNames[known] ?? 'String') : 'String';
}

function parameterOf(key: string, schema: JsonObject, required: boolean): Parameter {
  const { default: fallback, enum: options, items, properties } = schema;
  return {
    key,
    type: typeNameOf(schema),
    required,
    description: described(schema['description']),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(Array.isArray(options) ? { options } : {}),
    ...(isObject(items) ? { items } : {}),
    ...(isObject(properties) ? { properties } : {}),
  };
}

/** The parameters that a schema of arguments has, as forms show them. */
export function parametersOf(inputSchema: JsonObject): Parameter[] {
  const required: unknown[] = Array.isArray(inputSchema['required']) ? inputSchema['required'] : [];
  return Object.entries(objectIn(inputSchema['properties']))
    .slice(0, mostParameters)
    .map(([key, schema]) => parameterOf(key, objectIn(schema), required.includes(key)));
}

/** A name of letters, digits, `_` and `-` that no other action has. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const words = wanted.slice(0, 500).split(/[^A-Za-z0-9_-]/);
  const name =
    words
      .filter((word) => word !== '')
      .join('_')
      .slice(0, 64) || 'action';
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    const next = `${name.slice(0, 64 - String(number).length - 1)}_${number}`;
    if (!taken.has(next)) return next;
  }
}
