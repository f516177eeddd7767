import { z } from 'zod';
import { ChosenTools } from './fields.ts';

const ExtraName = z.string().min(1).max(512);
/** A prompt by the name that it has among what was chosen. */
export const UsePrompt = z.object({
  chosen: ChosenTools,
  name: ExtraName,
  arguments: z.record(z.string().max(256), z.string().max(100_000)).default({}),
});
export const ReadExtra = z.object({ chosen: ChosenTools, uri: z.string().min(1).max(8_192) });
export const CompleteExtra = z.object({
  chosen: ChosenTools,
  prompt: ExtraName,
  argument: z.string().min(1).max(256),
  value: z.string().max(10_000),
});

export interface OfferedPrompt {
  server: string;
  name: string;
  /** By it `usePrompt` finds it. */
  exposedName: string;
  title: string | null;
  description: string | null;
  arguments: { name: string; description: string | null; required: boolean }[];
}

export interface OfferedResource {
  uri: string;
  name: string;
  description: string | null;
  mimeType: string | null;
}

/** The content of a message besides text. */
export interface ConversationExtras {
  prompts: OfferedPrompt[];
  resources: OfferedResource[];
}

export interface UsedPrompt {
  messages: { role: 'user' | 'assistant'; text: string }[];
}
