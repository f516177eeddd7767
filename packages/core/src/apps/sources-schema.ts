import { z } from 'zod';
import { SmallObject } from '../models/fields.ts';
import { NoNul } from '../servers/fields.ts';
import { type AppAction, AppName, AppRef } from './fields.ts';

/** Actions made of something else, to be looked through before an app gets them. */
export interface DraftedActions {
  actions: z.output<typeof AppAction>[];
  /** The parts that could not be used, each with a reason. */
  problems: { where: string; message: string }[];
  displayName: string;
  description: string;
}
export const FromServer = z.object({ server: z.string().min(1).max(256) });
/** JSON or YAML. */
export const FromOpenApi = z.object({ text: z.string().min(1).max(10_485_760, 'must be at most 10 MB') });
export const GenerateActions = z.object({
  category: AppName,
  name: AppName,
  displayName: NoNul(200),
  description: NoNul(8_000).default(''),
  prompt: NoNul(16_000).refine((text) => text.trim() !== '', 'must not be empty'),
  /** The one called `simulator` where none is named. */
  model: z.string().min(1).max(256).optional(),
});

export const ExportApps = z.object({ ids: z.array(AppRef).max(10_000).optional() });
export const mostApps = 5_000;
/** A list of apps, or the text of a file that has one, in JSON or YAML. */
export const ImportApps = z
  .object({
    apps: z.array(z.unknown()).max(mostApps, `must be at most ${mostApps} apps`).optional(),
    text: z.string().min(1).max(10_485_760, 'must be at most 10 MB').optional(),
  })
  .refine(({ apps, text }) => (apps === undefined) !== (text === undefined), 'needs either apps or text');
export interface ImportedApps {
  total: number;
  created: number;
  updated: number;
  failed: number;
  errors: { index: number; app: string; error: string }[];
}

export const RecordedPair = z.object({
  action: z.string().min(1).max(128),
  arguments: SmallObject,
  result: SmallObject,
});
export type RecordedPair = z.infer<typeof RecordedPair>;
export const AddPairs = z.object({
  id: AppRef,
  pairs: z.array(RecordedPair).min(1).max(1_000),
  /** The actions of the pairs answer with recorded calls first. */
  preferred: z.boolean().default(false),
});
export const PairsOfCalls = z.object({
  server: z.string().min(1).max(256),
  limit: z.int().min(1).max(1_000).default(200),
});
export const RemovePairs = z.object({ id: AppRef, pairs: z.array(z.string().max(64)).max(10_000).optional() });
export interface AppPair extends z.output<typeof RecordedPair> {
  id: string;
  createdAt: Date;
}
