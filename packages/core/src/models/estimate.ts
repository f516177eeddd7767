import type { Chunk, Usage } from '@switchboard/agents';
import { charactersAToken, charactersOf, estimateTokens } from '@switchboard/agents/chat';

/** The use of a turn, in tokens. */
export interface TokenUse {
  tokensIn: number;
  tokensOut: number;
  /** The provider did not say. */
  estimated: boolean;
}

/** Set aside for an answer where the request bounds it nowhere. */
const usualAnswer = 1_000;

/** The most that a request is expected to use: its messages and tools, and the longest answer that it allows. */
export function estimateTurn(sent: unknown, parameters: Readonly<Record<string, unknown>>): TokenUse {
  const asked = [parameters['max_completion_tokens'], parameters['max_tokens']].find(
    (value) => typeof value === 'number',
  );
  return { tokensIn: estimateTokens(sent), tokensOut: asked ?? usualAnswer, estimated: true };
}

/** Counts what a turn uses while its chunks come. */
export interface Meter {
  add(chunk: Chunk): void;
  /** Says how much it was; by the text that came where the provider says nothing. */
  used(sent: unknown): TokenUse;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function createMeter(): Meter {
  let usage: Usage | null = null;
  let characters = 0;
  let chunks = 0;
  return {
    add(chunk) {
      chunks += 1;
      // The last one says it of the whole turn.
      if (isCount(chunk.usage?.prompt_tokens) && isCount(chunk.usage.completion_tokens)) usage = chunk.usage;
      for (const { delta } of chunk.choices) {
        characters +=
          charactersOf(delta.content) + charactersOf(delta.reasoning_content) + charactersOf(delta.tool_calls);
      }
    },
    used(sent) {
      if (usage) return { tokensIn: usage.prompt_tokens, tokensOut: usage.completion_tokens, estimated: false };
      // A turn without any chunk was refused, and cost nothing.
      if (chunks === 0) return { tokensIn: 0, tokensOut: 0, estimated: false };
      return { tokensIn: estimateTokens(sent), tokensOut: Math.ceil(characters / charactersAToken), estimated: true };
    },
  };
}

/** The cost of tokens by the prices of a model; a missing price counts as 0. */
export function costOf(
  { priceIn, priceOut }: { priceIn: number | null; priceOut: number | null },
  { tokensIn, tokensOut }: Pick<TokenUse, 'tokensIn' | 'tokensOut'>,
): number {
  return ((priceIn ?? 0) * tokensIn + (priceOut ?? 0) * tokensOut) / 1_000_000;
}
