import { z } from 'zod';
import {
  budgetMeasures,
  budgetPeriods,
  modelProtocols,
  modelWays,
  toolProtocols,
  visibilities,
} from '@switchboard/db/words';
import { Headers } from '../servers/fields.ts';
import { ApiKey, BaseUrl, ModelName, ModelOptions, SmallObject } from './fields.ts';
import type { ModelProtocol } from './protocol.ts';

export { BaseUrl, ModelName, ModelOptions } from './fields.ts';
export { presets, type Preset } from './presets.ts';
export { protocolOf, type ModelProtocol } from './protocol.ts';
export { budgetMeasures, budgetPeriods, modelProtocols, modelWays, toolProtocols, visibilities };

/** Stands where a stored value must not be shown; written back it keeps the value. */
export const keyMask = '***';
/** The name and id of the model that is built in. */
export const demoName = 'demo';

export const Protocol = z.enum(modelProtocols);
export const ToolProtocol = z.enum(toolProtocols);
export type ToolProtocol = z.infer<typeof ToolProtocol>;
export const ModelWay = z.enum(modelWays);
export type ModelWay = z.infer<typeof ModelWay>;

export const ModelAbilities = z.object({ tools: z.boolean(), images: z.boolean(), reasoning: z.boolean() });
export type ModelAbilities = z.infer<typeof ModelAbilities>;

const Price = z.number().min(0).max(1_000_000).nullable();

const fields = {
  name: ModelName,
  /** Null: what the base URL says. */
  protocol: Protocol.nullable(),
  baseUrl: BaseUrl,
  /** The name of the model at the provider. */
  model: z.string().min(1, 'must not be empty').max(256),
  apiKey: ApiKey,
  headers: Headers,
  options: ModelOptions,
  extraBody: SmallObject,
  kept: SmallObject,
  timeoutMs: z.int().min(1_000).max(3_600_000).nullable(),
  priceIn: Price,
  priceOut: Price,
  contextWindow: z.int().min(1).max(100_000_000).nullable(),
  abilities: ModelAbilities.partial(),
  toolProtocol: ToolProtocol,
  visibility: z.enum(visibilities),
  /** Slugs of groups whose members may use it, where its visibility is `group`. */
  groups: z.array(z.string().min(1).max(64)).max(50),
};

/** A model to be; `model` is the name where it is not given, and an empty key is none. */
export const CreateModel = z.object(fields).partial().required({ name: true, baseUrl: true });
export type CreateModel = z.infer<typeof CreateModel>;

/** Missing fields keep their value; `options`, `extraBody` and `headers` are replaced whole. An empty key, or `***`, keeps the stored one; null removes it. */
export const ModelPatch = z.object({ ...fields, apiKey: ApiKey.nullable() }).partial();
export type ModelPatch = z.infer<typeof ModelPatch>;

const ModelRef = z.string().min(1).max(256);
export const ModelById = z.object({ id: ModelRef });
export const UpdateModel = z.object({ id: ModelRef, patch: ModelPatch });

/** A model that is not stored; `existingId` names one whose key and headers replace `***` and missing values. */
export const ModelDraft = z.object({ draft: CreateModel.partial({ name: true }), existingId: ModelRef.optional() });

export interface ModelRights {
  use: boolean;
  configure: boolean;
}

/** A model as an actor sees it: the key and values of headers are masked, settings are empty for who may not configure. */
export interface Model {
  id: string;
  name: string;
  builtIn: boolean;
  /** As it was set; null follows the base URL. */
  protocol: ModelProtocol | null;
  /** The protocol of the model. */
  speaks: ModelProtocol | 'demo';
  baseUrl: string;
  model: string;
  hasKey: boolean;
  headers: Record<string, string>;
  options: ModelOptions;
  extraBody: Record<string, unknown>;
  kept: Record<string, unknown>;
  timeoutMs: number | null;
  priceIn: number | null;
  priceOut: number | null;
  contextWindow: number | null;
  abilities: ModelAbilities;
  toolProtocol: ToolProtocol;
  visibility: (typeof visibilities)[number];
  groups: string[];
  /** The owner's id; null: the admins'. For who may configure it the owner's user name too. */
  createdBy: string | null;
  ownerName: string | null;
  createdAt: Date | null;
  updatedAt: Date | null;
  can: ModelRights;
}

/** The failure of a provider. */
export interface ProviderFailure {
  ok: false;
  code: string;
  /** HTTP status of its answer, where there was one. */
  status: number | null;
  message: string;
}

/** The result of a test of a model. */
export type ModelTest =
  | { ok: true; firstTokenMs: number | null; totalMs: number; text: string; tokensIn: number; tokensOut: number }
  | ProviderFailure;

/** The models that a provider offers. */
export type OfferedModels = { ok: true; models: { id: string; title: string }[] } | ProviderFailure;

export const ListBudgets = z.object({ userId: ModelRef.optional(), keyId: ModelRef.optional() });

/** Of a person or of a key; null takes the bound away. */
export const SetBudget = z
  .object({
    userId: ModelRef.optional(),
    keyId: ModelRef.optional(),
    period: z.enum(budgetPeriods),
    measure: z.enum(budgetMeasures),
    most: z.number().min(0).max(10_000_000_000).nullable(),
  })
  .refine(({ userId, keyId }) => (userId === undefined) !== (keyId === undefined), {
    path: ['userId'],
    error: 'must be given, or keyId: a budget is of a person or of a key',
  });

export interface Budget {
  id: string;
  userId: string | null;
  keyId: string | null;
  keyName: string | null;
  /** Of the person, or of the key's owner. */
  username: string | null;
  period: (typeof budgetPeriods)[number];
  measure: (typeof budgetMeasures)[number];
  most: number;
  /** In the present period; reservations of running turns count. */
  spent: number;
}

/** Default: the present month. */
export const ModelMonth = z.object({
  month: z
    .string()
    .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'must be a month such as 2026-01')
    .optional(),
});

/** The use of a model by one person in a month. */
export interface ModelUse {
  modelId: string;
  model: string;
  /** null: no user. */
  userId: string | null;
  username: string | null;
  turns: number;
  failures: number;
  tokensIn: number;
  tokensOut: number;
  cost: number;
}
