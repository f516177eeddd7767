import { createTagScanner, type TagEvent } from '../chat/tags.ts';
import type { DraftProblem, DraftReader } from './types.ts';

/** The most characters in one tag. */
const longestBody = 1024 * 1024;
const mostProblems = 100;

/** One tag that was closed. */
export type Tag = Extract<TagEvent, { type: 'tag' }>;

/** Tells what could not be taken over. */
export type TellProblem = (tag: string, name: string | null, reason: string) => void;

/** The handling of the tags of a dialogue. */
export interface Dialogue<Parts> {
  tags: readonly string[];
  take(tag: Tag, tell: TellProblem): void;
  parts(): Parts;
}

/**
 * Finds the tags of a dialogue in answers. Problems are those of the last answer with tags: a new answer corrects the
 * problems of earlier ones.
 */
export function createReader<Parts extends object>(
  dialogue: Dialogue<Parts>,
): DraftReader<Parts & { problems: DraftProblem[] }> {
  let problems: DraftProblem[] = [];
  let hasTags = false;
  let scanner = open();

  function open() {
    return createTagScanner(dialogue.tags, { body: longestBody });
  }
  function tell(tag: string, name: string | null, reason: string) {
    if (problems.length < mostProblems) problems.push({ tag, name, reason });
  }
  function look(event: TagEvent) {
    // The beginning of a tag that may be any.
    if (event.type === 'text' || event.name === null) return;
    if (!hasTags) problems = [];
    hasTags = true;
    if (event.type === 'tag') {
      dialogue.take(event, tell);
      return;
    }
    const isLong = event.body.length >= longestBody;
    const why = isLong ? `It is longer than ${longestBody} characters.` : `It is not closed with </${event.name}>.`;
    tell(event.name, event.attributes.get('name') ?? null, why);
  }
  return {
    push(piece) {
      for (const event of scanner.push(piece)) look(event);
    },
    end() {
      for (const event of scanner.end()) look(event);
      scanner = open();
      hasTags = false;
    },
    draft: () => ({ ...dialogue.parts(), problems: [...problems] }),
  };
}

/** A text without the code fence around the whole of it, and without blank lines around it. */
export function withoutFence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('```')) return trimmed;
  const from = trimmed.indexOf('\n');
  const end = trimmed.lastIndexOf('\n');
  const isFenced = end > from && trimmed.slice(end).trim() === '```';
  return isFenced ? trimmed.slice(from + 1, end).trim() : trimmed;
}

/** One line, as names are. */
export function nameIn(body: string): string {
  return body.trim().split(/\s+/).join(' ');
}
