import { isObject } from '@switchboard/basics';
import { isJson, looseText, looseValue, objectOf, printJson } from './json-text.ts';
import type { Action, Answer, GivenAction } from './types.ts';

type Parameter = Action['parameters'][number];
export type Mode = Answer['mode'];
export const modes = ['template', 'static', 'model', 'replay'] as const satisfies readonly Mode[];
export const parameterTypes = ['String', 'Integer', 'Number', 'Boolean', 'Array', 'Object'] as const;
export const hints = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;

export interface ParameterDraft {
  key: string;
  type: string;
  required: boolean;
  description: string;
  fallback: string;
  options: string;
  /** What the table has no column for. */
  rest: Pick<Parameter, 'items' | 'properties'>;
}

export interface AnswerDraft {
  mode: Mode;
  model: string;
  cache: boolean;
  body: string;
  value: string;
}

/** An action as the editor holds it. */
export interface ActionDraft {
  /** Tells it from the others, whatever it is called. */
  slot: string;
  name: string;
  displayName: string;
  description: string;
  parameters: ParameterDraft[];
  /** In place of the parameters; null where they say it. */
  inputSchema: string | null;
  outputSchema: string;
  annotations: Record<string, unknown> | null;
  answers: AnswerDraft[];
  changes: string;
}

export const emptyParameter: ParameterDraft = {
  key: '',
  type: 'String',
  required: false,
  description: '',
  fallback: '',
  options: '',
  rest: {},
};

const emptyAnswer: Omit<AnswerDraft, 'mode'> = { model: '', cache: false, body: '', value: '{}' };

export function newAnswer(mode: Mode): AnswerDraft {
  return { ...emptyAnswer, mode };
}

function isText(type: string): boolean {
  return type === 'String';
}

/** Options are written in one line; as a JSON list where commas alone would not tell them apart. */
function optionsText(options: Parameter['options']): string {
  if (options === undefined) return '';
  const texts = options.map((option) => (typeof option === 'string' ? option : JSON.stringify(option)));
  const line = texts.join(', ');
  const again = readOptions(line, 'String');
  return JSON.stringify(again) === JSON.stringify(options) ? line : JSON.stringify(options);
}

function readOptions(line: string, type: string): unknown[] | undefined {
  if (line.trim() === '') return undefined;
  const whole = looseValue(line);
  if (Array.isArray(whole)) return whole;
  const parts = line
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return isText(type) ? parts : parts.map(looseValue);
}

function toParameterDraft(parameter: Parameter): ParameterDraft {
  const { key, type, required, description, default: fallback, options, items, properties } = parameter;
  const isPlain = isText(type) && typeof fallback === 'string';
  return {
    key,
    type,
    required,
    description,
    fallback: isPlain ? fallback : looseText(fallback),
    options: optionsText(options),
    rest: { ...(items && { items }), ...(properties && { properties }) },
  };
}

function toParameter({ rest, fallback, options, key, type, required, description }: ParameterDraft): Parameter {
  const list = readOptions(options, type);
  return {
    ...rest,
    key: key.trim(),
    type,
    required,
    description,
    ...(fallback !== '' && { default: isText(type) ? fallback : looseValue(fallback) }),
    ...(list !== undefined && { options: list }),
  };
}

function toAnswerDraft(answer: Answer): AnswerDraft {
  switch (answer.mode) {
    case 'model':
      return { ...emptyAnswer, mode: 'model', model: answer.model ?? '', cache: answer.cache };
    case 'template':
      return { ...emptyAnswer, mode: 'template', body: answer.body };
    case 'static':
      return { ...emptyAnswer, mode: 'static', value: printJson(answer.value) };
    case 'replay':
      return { ...emptyAnswer, mode: 'replay' };
  }
}

function toAnswer({ mode, model, cache, body, value }: AnswerDraft): NonNullable<GivenAction['answers']>[number] {
  switch (mode) {
    case 'model':
      return { mode, model: model === '' ? null : model, cache };
    case 'template':
      return { mode, body };
    case 'static':
      return { mode, value: looseValue(value) };
    case 'replay':
      return { mode };
  }
}

export function toDraft(action: Action, slot: string): ActionDraft {
  const { name, displayName, description, annotations, inputSchema, outputSchema, changes } = action;
  return {
    slot,
    name,
    displayName,
    description,
    parameters: action.parameters.map(toParameterDraft),
    inputSchema: inputSchema === null ? null : printJson(inputSchema),
    outputSchema: outputSchema === null ? '' : printJson(outputSchema),
    annotations,
    answers: action.answers.map(toAnswerDraft),
    changes: changes ?? '',
  };
}

/** All of an app's actions; each is known by where it stands. */
export function toDrafts(actions: readonly Action[]): ActionDraft[] {
  return actions.map((action, index) => toDraft(action, String(index)));
}

export function toAction(draft: ActionDraft): GivenAction {
  return {
    name: draft.name.trim(),
    displayName: draft.displayName.trim(),
    description: draft.description,
    parameters: draft.parameters.map(toParameter),
    inputSchema: draft.inputSchema === null ? null : objectOf(draft.inputSchema),
    outputSchema: objectOf(draft.outputSchema),
    annotations: draft.annotations,
    answers: draft.answers.map(toAnswer),
    changes: draft.changes.trim() === '' ? null : draft.changes,
  };
}

/** Whether each JSON text of an action is finished. */
export function isWhole({ inputSchema, outputSchema, answers }: ActionDraft): boolean {
  return (
    (inputSchema === null || isJson(inputSchema, 'object')) &&
    (outputSchema.trim() === '' || isJson(outputSchema, 'object')) &&
    answers.every(({ mode, value }) => mode !== 'static' || isJson(value, 'value'))
  );
}

/** A name that no other action has. */
export function freeName(wanted: string, actions: readonly ActionDraft[]): string {
  const taken = new Set(actions.map(({ name }) => name));
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}_${number}`)) number += 1;
  return `${wanted}_${number}`;
}

export function newAction(slot: string, actions: readonly ActionDraft[]): ActionDraft {
  return {
    slot,
    name: freeName('action', actions),
    displayName: '',
    description: '',
    parameters: [],
    inputSchema: null,
    outputSchema: '',
    annotations: null,
    answers: [newAnswer('template')],
    changes: '',
  };
}

/** With a hint set or taken away; what else the annotations say stays. */
export function withHint(draft: ActionDraft, hint: string, on: boolean): ActionDraft {
  const { [hint]: _before, ...others } = draft.annotations ?? {};
  const annotations = on ? { ...others, [hint]: true } : others;
  return { ...draft, annotations: Object.keys(annotations).length === 0 ? null : annotations };
}

const schemaTypes: Readonly<Record<string, string>> = {
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

function propertyOf({ type: word, description, default: fallback, options, items, properties }: Parameter) {
  const type = schemaTypes[word.trim().toLowerCase()] ?? 'string';
  return {
    type,
    ...(description !== '' && { description }),
    ...(type === 'array' && { items: items ?? { type: 'string' } }),
    ...(type === 'object' && properties && { properties }),
    ...(options && options.length > 0 && { enum: options }),
    ...(fallback !== undefined && fallback !== '' && { default: fallback }),
  };
}

/** The JSON Schema of what an action is called with. */
export function argumentsSchema({ inputSchema, parameters }: Action): Record<string, unknown> {
  if (isObject(inputSchema)) return { ...inputSchema, type: 'object' };
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.key, propertyOf(parameter)])),
    required: parameters.filter(({ required }) => required).map(({ key }) => key),
  };
}
