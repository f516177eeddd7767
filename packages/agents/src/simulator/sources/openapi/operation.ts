import { isObject } from '@switchboard/basics';
import { objectIn, textIn } from '../../../providers/json.ts';
import type { JsonObject } from '../../../types.ts';
import { schemaCheck } from '../../schema/check.ts';
import type { AnswerMode, SimulatedAction } from '../../types.ts';
import { bareAction, described, parametersOf } from '../sourced.ts';
import { followed, type Tell } from './document.ts';
import { schemaTaker } from './schemas.ts';

/** One operation of a document. */
export interface Operation {
  document: JsonObject;
  method: string;
  path: string;
  /** Of the path item, and of the operation itself, which wins. */
  shared: unknown;
  operation: JsonObject;
  tell: Tell;
}

/** The arguments of an action, one after the other. */
interface Arguments {
  properties: Map<string, JsonObject>;
  required: Set<string>;
}

type Take = (schema: unknown) => JsonObject;

/** Said otherwise, by the media types and security of the document. */
const headersOfHttp = new Set(['accept', 'content-type', 'authorization']);
const mostParameters = 200;

function isArgument(parameter: JsonObject): boolean {
  const name = textIn(parameter['name']);
  if (name === '' || name.length > 128 || name === '__proto__') return false;
  const place = parameter['in'];
  if (place === 'header') return !headersOfHttp.has(name.toLowerCase());
  return place === 'path' || place === 'query';
}

/** The first media type, JSON before all others. */
function mediaOf(content: unknown): JsonObject | null {
  const types = Object.entries(objectIn(content));
  const json = types.find(([type]) => {
    const name = type.toLowerCase();
    return name.startsWith('application/json') || name.includes('+json');
  });
  const found = (json ?? types[0])?.[1];
  return isObject(found) ? found : null;
}

function parameterSchema(parameter: JsonObject, take: Take): JsonObject {
  const schema = take(parameter['schema'] ?? mediaOf(parameter['content'])?.['schema']);
  const description = described(parameter['description']);
  return description === '' ? schema : { ...schema, description };
}

function addParameters({ document, shared, operation, tell }: Operation, take: Take, into: Arguments): void {
  for (const list of [shared, operation['parameters']]) {
    if (!Array.isArray(list)) continue;
    for (const value of (list as unknown[]).slice(0, mostParameters)) {
      const parameter = followed(document, value, tell);
      if (parameter === null || !isArgument(parameter)) continue;
      const name = textIn(parameter['name']);
      into.properties.set(name, parameterSchema(parameter, take));
      if (parameter['required'] === true || parameter['in'] === 'path') into.required.add(name);
      else into.required.delete(name);
    }
  }
}

function addBody({ document, operation, tell }: Operation, take: Take, into: Arguments): void {
  if (operation['requestBody'] === undefined) return;
  const body = followed(document, operation['requestBody'], tell);
  const media = mediaOf(body?.['content']);
  if (body === null || media === null) return;
  const schema = take(media['schema']);
  const fields = Object.entries(objectIn(schema['properties']));
  const isFlat = fields.length > 0 && fields.every(([name]) => !into.properties.has(name));
  if (!isFlat) {
    into.properties.set('body', schema);
    if (body['required'] === true) into.required.add('body');
    return;
  }
  for (const [name, field] of fields) into.properties.set(name, objectIn(field));
  if (body['required'] !== true || !Array.isArray(schema['required'])) return;
  for (const name of schema['required'] as unknown[]) if (typeof name === 'string') into.required.add(name);
}

function inputSchemaOf(it: Operation, take: Take): JsonObject {
  const found: Arguments = { properties: new Map(), required: new Set() };
  addParameters(it, take, found);
  addBody(it, take, found);
  const required = [...found.required].filter((name) => found.properties.has(name));
  return {
    type: 'object',
    properties: Object.fromEntries(found.properties),
    ...(required.length > 0 ? { required } : {}),
  };
}

/** The answer where all goes well: the lowest status of 200 to 299, else `default`. */
function successOf({ document, operation, tell }: Operation): JsonObject | null {
  const responses = objectIn(operation['responses']);
  const status = Object.keys(responses)
    .filter((key) => /^2(?:\d\d|XX)$/i.test(key))
    .sort()[0];
  const response = responses[status ?? 'default'];
  return response === undefined ? null : followed(document, response, tell);
}

/** An example that is given for an answer; undefined where there is none. */
function exampleOf({ document, tell }: Operation, media: JsonObject, schema: JsonObject): unknown {
  if (media['example'] !== undefined) return media['example'];
  for (const value of Object.values(objectIn(media['examples'])).slice(0, 20)) {
    const example = followed(document, value, tell);
    if (example?.['value'] !== undefined) return example['value'];
  }
  const { examples } = schema;
  return Array.isArray(examples) ? (examples as unknown[])[0] : undefined;
}

interface Answering {
  outputSchema: JsonObject | null;
  answers: AnswerMode[];
}

function answeringOf(it: Operation, take: Take): Answering {
  const media = mediaOf(successOf(it)?.['content']);
  if (media === null) return { outputSchema: null, answers: [] };
  const schema = media['schema'] === undefined ? {} : take(media['schema']);
  const outputSchema = Object.keys(schema).length === 0 ? null : schema;
  const example = exampleOf(it, media, schema);
  if (example === undefined) return { outputSchema, answers: [] };
  const answers: AnswerMode[] = [{ mode: 'static', value: example }];
  if (outputSchema === null || schemaCheck(outputSchema)(example).length === 0) return { outputSchema, answers };
  it.tell('Its example does not fit its schema: answers are not checked');
  return { outputSchema: null, answers };
}

function annotationsOf(method: string): JsonObject | null {
  if (method === 'get') return { readOnlyHint: true };
  if (method === 'put') return { idempotentHint: true };
  return method === 'delete' ? { destructiveHint: true, idempotentHint: true } : null;
}

/** An operation as an action: parameters and fields of the body are its arguments, its example is what it answers. */
export function actionOf(it: Operation, name: string): SimulatedAction {
  const take = schemaTaker(it.document, it.tell);
  const inputSchema = inputSchemaOf(it, take);
  const { method, path, operation } = it;
  return {
    ...bareAction(name),
    displayName: described(operation['summary']).slice(0, 200),
    description: described(operation['description']) || `${method.toUpperCase()} ${path.slice(0, 300)}`,
    parameters: parametersOf(inputSchema),
    inputSchema,
    annotations: annotationsOf(method),
    ...answeringOf(it, take),
  };
}
