import { isObject } from '@switchboard/basics';
import { objectsIn, textIn } from '../../providers/json.ts';
import type { JsonObject, Message } from '../../types.ts';
import { jsonInText } from '../answers/json-in-text.ts';
import { filledPrompt, promptDefaults } from '../prompts.ts';
import type { Parameter, SimulatedAction } from '../types.ts';
import { bareAction, described, freeName, type Sourced } from './sourced.ts';

/** The purpose of the wanted actions. */
export interface GenerationInput {
  category: string;
  name: string;
  displayName: string;
  description: string;
  /** The request of the person. */
  prompt: string;
}

const system = '你是 API 设计助手，为模拟产品设计动作。只输出 JSON 数组，不输出任何解释或代码块标记。';

const mostGenerated = 100;
const mostParameters = 50;

/** The messages that ask a model for actions, from the template named `action_generation`. */
export function actionMessages(input: GenerationInput, body = promptDefaults.action_generation.body): Message[] {
  const { category, name, displayName, description, prompt } = input;
  const content = filledPrompt(body, { category, name, display_name: displayName || name, description, prompt });
  return [
    { role: 'system', content: system },
    { role: 'user', content },
  ];
}

function parameterIn(value: JsonObject): Parameter | null {
  const key = textIn(value['key'] ?? value['name']).trim();
  if (key === '' || key.length > 128 || key === '__proto__') return null;
  const { default: fallback, options, items, properties } = value;
  return {
    key,
    type: textIn(value['type']).slice(0, 40) || 'String',
    required: value['required'] === true,
    description: described(value['description']),
    ...(fallback === undefined || fallback === null || fallback === '' ? {} : { default: fallback }),
    ...(Array.isArray(options) && options.length > 0 ? { options: options.slice(0, 200) as unknown[] } : {}),
    ...(isObject(items) ? { items } : {}),
    ...(isObject(properties) ? { properties } : {}),
  };
}

function actionIn(value: JsonObject, taken: ReadonlySet<string>): SimulatedAction | null {
  const given = textIn(value['name']).trim();
  if (given === '') return null;
  const parameters = objectsIn(value['parameters'])
    .map(parameterIn)
    .filter((parameter) => parameter !== null);
  const byKey = new Map(parameters.map((parameter) => [parameter.key, parameter]));
  return {
    ...bareAction(freeName(given, taken)),
    displayName: described(value['display_name'] ?? value['displayName']),
    description: described(value['description']),
    parameters: [...byKey.values()].slice(0, mostParameters),
  };
}

function listIn(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return null;
  if (Array.isArray(value['actions'])) return value['actions'];
  return typeof value['name'] === 'string' ? [value] : null;
}

/** The actions in a model's text; unusable parts are reported. */
export function actionsIn(text: string): Sourced {
  const list = listIn(jsonInText(text));
  if (list === null) return { actions: [], problems: [{ where: 'answer', message: 'It has no JSON list of actions' }] };
  const sourced: Sourced = { actions: [], problems: [] };
  const taken = new Set<string>();
  for (const [index, value] of list.slice(0, mostGenerated).entries()) {
    const action = isObject(value) ? actionIn(value, taken) : null;
    if (action === null) {
      sourced.problems.push({ where: `action ${index + 1}`, message: 'It has no name' });
      continue;
    }
    taken.add(action.name);
    sourced.actions.push(action);
  }
  return sourced;
}
