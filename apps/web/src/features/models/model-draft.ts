import { isObject } from '@switchboard/basics';
import type { ModelOptions, Preset } from '@switchboard/core/models/schema';
import type { Inputs, Outputs } from '../../lib/trpc.ts';
import { fromPairs, toPairs, type Pair } from '../../ui/form/pairs-editor.tsx';

export type Model = Outputs['models']['list'][number];
type Create = Inputs['models']['create'];
export type Ability = 'tools' | 'images' | 'reasoning';

/** A model as a form holds it: texts where the hub has numbers. */
export interface ModelDraft {
  name: string;
  baseUrl: string;
  model: string;
  apiKey: string;
  protocol: '' | 'openai' | 'anthropic';
  visibility: NonNullable<Create['visibility']>;
  groups: string[];
  abilities: Ability[];
  toolProtocol: NonNullable<Create['toolProtocol']>;
  priceIn: string;
  priceOut: string;
  contextWindow: string;
  temperature: string;
  maxTokens: string;
  timeout: string;
  headers: Pair[];
  extraBody: string;
}

export const emptyDraft: ModelDraft = {
  name: '',
  baseUrl: '',
  model: '',
  apiKey: '',
  protocol: '',
  visibility: 'private',
  groups: [],
  abilities: ['tools'],
  toolProtocol: 'native',
  priceIn: '',
  priceOut: '',
  contextWindow: '',
  temperature: '',
  maxTokens: '',
  timeout: '',
  headers: [],
  extraBody: '',
};

function textOf(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}

export function toDraft(model: Model): ModelDraft {
  const { options, extraBody, abilities } = model;
  return {
    name: model.name,
    baseUrl: model.baseUrl,
    model: model.model,
    apiKey: '',
    protocol: model.protocol ?? '',
    visibility: model.visibility,
    groups: model.groups,
    abilities: (['tools', 'images', 'reasoning'] as const).filter((ability) => abilities[ability]),
    toolProtocol: model.toolProtocol,
    priceIn: textOf(model.priceIn),
    priceOut: textOf(model.priceOut),
    contextWindow: textOf(model.contextWindow),
    temperature: textOf(options.temperature),
    maxTokens: textOf(options.max_tokens),
    timeout: textOf(model.timeoutMs === null ? null : model.timeoutMs / 1000),
    headers: toPairs(model.headers),
    extraBody: Object.keys(extraBody).length === 0 ? '' : JSON.stringify(extraBody, null, 2),
  };
}

/** What a preset fills in; a name that was given stays. */
export function withPreset(draft: ModelDraft, { baseUrl, protocol, example }: Preset): ModelDraft {
  return { ...draft, baseUrl, protocol, model: example, name: draft.name === '' ? example : draft.name };
}

/** The JSON of the form; null where the text is none. */
export function readBody(text: string): Record<string, unknown> | null {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** What the form says, on top of settings that it has no field for. */
export function toCreate(draft: ModelDraft, settings: ModelOptions = {}): Create {
  const { temperature: _temperature, max_tokens: _tokens, ...others } = settings;
  const temperature = numberOf(draft.temperature);
  const tokens = numberOf(draft.maxTokens);
  const seconds = numberOf(draft.timeout);
  return {
    name: draft.name.trim(),
    baseUrl: draft.baseUrl.trim(),
    ...(draft.model.trim() !== '' && { model: draft.model.trim() }),
    apiKey: draft.apiKey.trim(),
    protocol: draft.protocol === '' ? null : draft.protocol,
    visibility: draft.visibility,
    groups: draft.groups,
    abilities: {
      tools: draft.abilities.includes('tools'),
      images: draft.abilities.includes('images'),
      reasoning: draft.abilities.includes('reasoning'),
    },
    toolProtocol: draft.toolProtocol,
    priceIn: numberOf(draft.priceIn),
    priceOut: numberOf(draft.priceOut),
    contextWindow: numberOf(draft.contextWindow),
    timeoutMs: seconds === null ? null : Math.round(seconds * 1000),
    options: {
      ...others,
      ...(temperature !== null && { temperature }),
      ...(tokens !== null && { max_tokens: tokens }),
    },
    headers: fromPairs(draft.headers),
    extraBody: readBody(draft.extraBody) ?? {},
  };
}
