import type { Model } from '../../types.ts';
import type { Format } from '../format.ts';
import { noFormat, noReferences, noSampling } from '../quirks/concessions.ts';
import { lowerLimit, noThinkingAgain, noThoughtsBack, olderThinking } from './concessions.ts';
import { createAnthropicReader } from './reader.ts';
import { anthropicBody } from './request.ts';

/** Anthropic messages. */
export const anthropicFormat: Format = {
  path: '/messages',
  headers: anthropicHeaders,
  body: anthropicBody,
  concessions: [lowerLimit, olderThinking, noThoughtsBack, noThinkingAgain, noSampling, noReferences, noFormat],
  reader: createAnthropicReader,
};

function anthropicHeaders({ apiKey }: Model): Record<string, string> {
  const key: Record<string, string> = apiKey === null || apiKey === '' ? {} : { 'x-api-key': apiKey };
  return { 'anthropic-version': '2023-06-01', ...key };
}
