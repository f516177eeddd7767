import type { z } from 'zod';
import { keyMask, ModelOptions, type CreateModel, type Model, type ModelPatch } from '@switchboard/core/models/schema';
import type { AddModelBody, ChangeModelBody, ListedModel, ModelData } from './wire.ts';

export function done(message: string) {
  return { status: 'success' as const, message };
}

const optionNames: ReadonlySet<string> = new Set(Object.keys(ModelOptions.shape));
const ownNames: ReadonlySet<string> = new Set([
  'model_name',
  'name',
  'base_url',
  'api_key',
  'model',
  'protocol',
  'extra_body',
  'extra_headers',
  'timeout',
]);

function pick(body: object, wanted: (name: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => value !== undefined && wanted(name)));
}

function optionsOf(body: object): ModelOptions {
  return pick(body, (name) => optionNames.has(name));
}

function keptOf(body: object): Record<string, unknown> {
  return pick(body, (name) => !optionNames.has(name) && !ownNames.has(name));
}

function settingsOf(body: AddModelBody | ChangeModelBody): Omit<ModelPatch, 'name'> {
  const { api_key: apiKey, model, protocol, extra_body: extraBody, extra_headers: headers, timeout } = body;
  return {
    ...(apiKey !== undefined && { apiKey }),
    ...(model !== undefined && { model }),
    ...(protocol !== undefined && { protocol }),
    ...(extraBody !== undefined && { extraBody }),
    ...(headers !== undefined && { headers }),
    ...(timeout !== undefined && { timeoutMs: Math.round(timeout * 1_000) }),
  };
}

export function fromAdded(body: AddModelBody): CreateModel {
  const { apiKey, ...settings } = settingsOf(body);
  return {
    ...settings,
    ...(typeof apiKey === 'string' && { apiKey }),
    name: body.name,
    baseUrl: body.base_url,
    options: optionsOf(body),
    kept: keptOf(body),
  };
}

/** Fields that are not given keep their value. */
export function fromChanged(body: ChangeModelBody, before: Model): ModelPatch {
  return {
    ...settingsOf(body),
    ...(body.name !== undefined && { name: body.name }),
    ...(body.base_url !== undefined && { baseUrl: body.base_url }),
    options: { ...before.options, ...optionsOf(body) },
    kept: { ...before.kept, ...keptOf(body) },
  };
}

export function toListed({ name, baseUrl, model }: Model): z.infer<typeof ListedModel> {
  return { name, base_url: baseUrl, api_key: keyMask, model };
}

export function toData(model: Model): z.infer<typeof ModelData> {
  const { headers, extraBody, timeoutMs } = model;
  return {
    ...model.kept,
    name: model.name,
    base_url: model.baseUrl,
    api_key: model.hasKey ? keyMask : '',
    model: model.model,
    protocol: model.speaks,
    ...model.options,
    ...(Object.keys(extraBody).length > 0 && { extra_body: extraBody }),
    ...(Object.keys(headers).length > 0 && { extra_headers: headers }),
    ...(timeoutMs !== null && { timeout: timeoutMs / 1_000 }),
  };
}
