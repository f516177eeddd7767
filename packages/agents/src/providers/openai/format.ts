import type { Model } from '../../types.ts';
import type { Format } from '../format.ts';
import {
  newTokenLimit,
  noFormat,
  noParallelWord,
  noReasoningBack,
  noReferences,
  noSampling,
  noStreamOptions,
  oldTokenLimit,
} from '../quirks/concessions.ts';
import { createOpenAIReader } from './reader.ts';
import { openaiBody } from './request.ts';

/** OpenAI chat completions, and what many others speak of it. */
export const openaiFormat: Format = {
  path: '/chat/completions',
  headers: openaiHeaders,
  body: openaiBody,
  concessions: [
    noStreamOptions,
    newTokenLimit,
    oldTokenLimit,
    noReasoningBack,
    noParallelWord,
    noSampling,
    noReferences,
    noFormat,
  ],
  reader: createOpenAIReader,
};

/** The headers with the credentials. */
export function openaiHeaders({ apiKey }: Model): Record<string, string> {
  return apiKey === null || apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` };
}
