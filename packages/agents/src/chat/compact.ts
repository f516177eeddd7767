import { wholeCalls } from '../providers/messages.ts';
import type { ContentPart, Message, ToolMessage } from '../types.ts';
import { withCalls } from './calls.ts';
import { estimateTokens } from './estimate.ts';
import { withoutThoughts, type Round } from './history.ts';

/** Summaries that are asked for at once. */
const mostAtOnce = 4;
/** Characters that stay of a result where there is no summary. */
const keptLength = 200;

/** The figures of a compaction. */
export interface CompactStatistics {
  originalRounds: number;
  originalMessages: number;
  compactedRounds: number;
  compactedMessages: number;
  /** The part of the messages that is gone: from 0 to 1. */
  compressionRatio: number;
  /** Results that were replaced by a summary. */
  toolContentsSummarized: number;
  /** Estimates. */
  originalTokens: number;
  compressedTokens: number;
  /** The part of the tokens that is gone, such as `60%`. */
  reductionRate: string;
}

export interface Compacted<R extends Round> {
  rounds: R[];
  statistics: CompactStatistics;
}

/** Keeps of each round its first system message, its first message of the user, and the last answer that says something. */
export function compactBrutally<R extends Round>(rounds: readonly R[]): Compacted<R> {
  const kept = rounds.map((round) => ({ ...round, messages: essenceOf(round.messages) }));
  return told(rounds, kept, 0);
}

function essenceOf(messages: readonly Message[]): Message[] {
  const system = messages.find(({ role }) => role === 'system' || role === 'developer');
  const user = messages.find(({ role }) => role === 'user');
  const answer = messages.findLast((message) => message.role === 'assistant' && (message.content ?? '') !== '');
  return [system, user, answer]
    .filter((message) => message !== undefined)
    .map((message) => (message.role === 'assistant' ? withCalls(withoutThoughts(message), []) : message));
}

export interface PreciseOptions {
  /** Results of so many characters are summarised. */
  threshold: number;
  summarise(text: string, signal: AbortSignal): Promise<string>;
  signal: AbortSignal;
}

/**
 * Keeps everything except long results of tools, which are replaced by a summary. Where that fails their first
 * characters are kept; where the signal is aborted its reason is thrown.
 */
export async function compactPrecisely<R extends Round>(
  rounds: readonly R[],
  { threshold, summarise, signal }: PreciseOptions,
): Promise<Compacted<R>> {
  const whole = rounds.map((round) => ({ ...round, messages: wholeCalls(round.messages) }));
  const long = whole
    .flatMap(({ messages }) => messages)
    .filter((message) => message.role === 'tool')
    .filter((message) => textOf(message).length >= threshold);
  const shortened = new Map<Message, ToolMessage>();
  let summarised = 0;
  async function work(queue: Iterator<ToolMessage>): Promise<void> {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      signal.throwIfAborted();
      const text = textOf(next.value);
      const summary = await attempted(() => summarise(text, signal));
      signal.throwIfAborted();
      const isSummary = summary !== '' && summary.length < text.length;
      if (isSummary) summarised += 1;
      shortened.set(next.value, withText(next.value, isSummary ? marked(summary, text) : cut(text)));
    }
  }
  const queue = long.values();
  await Promise.all(Array.from({ length: mostAtOnce }, () => work(queue)));
  const kept = whole.map((round) => ({
    ...round,
    messages: round.messages.map((message) => shortened.get(message) ?? message),
  }));
  return told(rounds, kept, summarised);
}

function textOf({ content }: ToolMessage): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** Images stay. */
function withText(message: ToolMessage, text: string): ToolMessage {
  const images: ContentPart[] = typeof message.content === 'string' ? [] : message.content.filter(isImage);
  return { ...message, content: images.length === 0 ? text : [{ type: 'text', text }, ...images] };
}

function isImage(part: ContentPart): boolean {
  return part.type === 'image_url';
}

async function attempted(summarise: () => Promise<string>): Promise<string> {
  try {
    return (await summarise()).trim();
  } catch {
    return '';
  }
}

function marked(summary: string, text: string): string {
  return `[Summary of ${text.length} characters]\n${summary}`;
}

function cut(text: string): string {
  if (text.length <= keptLength) return text;
  return `${text.slice(0, keptLength).toWellFormed()}\n[Cut: these are the first of ${text.length} characters.]`;
}

/** Rounds that nothing is left of are gone. */
function told<R extends Round>(before: readonly R[], after: R[], summarised: number): Compacted<R> {
  const rounds = after.filter(({ messages }) => messages.length > 0);
  const originalMessages = countOf(before);
  const compactedMessages = countOf(rounds);
  const originalTokens = tokensOf(before);
  const compressedTokens = tokensOf(rounds);
  return {
    rounds,
    statistics: {
      originalRounds: before.length,
      originalMessages,
      compactedRounds: rounds.length,
      compactedMessages,
      compressionRatio: Math.round(goneOf(originalMessages, compactedMessages) * 10_000) / 10_000,
      toolContentsSummarized: summarised,
      originalTokens,
      compressedTokens,
      reductionRate: `${Math.round(goneOf(originalTokens, compressedTokens) * 100)}%`,
    },
  };
}

function countOf(rounds: readonly Round[]): number {
  return rounds.reduce((sum, { messages }) => sum + messages.length, 0);
}

function tokensOf(rounds: readonly Round[]): number {
  return estimateTokens(rounds.map(({ messages }) => messages));
}

function goneOf(before: number, after: number): number {
  return before === 0 ? 0 : Math.max(0, 1 - after / before);
}
