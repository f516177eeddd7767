import { z } from 'zod';
import { noNul, Prompt } from './fields.ts';

export const mostPresets = 50;

const PresetName = z.string().trim().min(1, 'must not be empty').max(60).regex(noNul, 'must hold no NUL');

/** A system prompt with what belongs to it, under a name; null: as the model has it. */
export const Preset = z.object({
  name: PresetName,
  systemPrompt: Prompt,
  temperature: z.number().min(0).max(2).nullable(),
  maxTokens: z.int().min(1).max(10_000_000).nullable(),
});
export type Preset = z.infer<typeof Preset>;

export const KeepPresets = z.object({
  presets: z.array(Preset).min(1).max(mostPresets),
  /** An existing preset of this name stays as it is. */
  onlyNew: z.boolean().default(false),
});

export const ForgetPreset = z.object({ name: PresetName });
