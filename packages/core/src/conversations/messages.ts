import { inArray } from 'drizzle-orm';
import type { AssistantMessage, ContentPart, Message, ToolMessage, UserMessage } from '@switchboard/agents';
import { tables, type Db } from '@switchboard/db';
import { stepsOf } from '../journal/read.ts';
import type { AgentRunRow, AgentStepRow } from '../journal/rows.ts';
import type { Attachment, CallDetail, RoundMessage, RoundSettings, Used } from './schema.ts';

/** The message of a person in a round, as it is stored. */
export interface RoundInput {
  content: string;
  attachments: Attachment[];
}

export function inputOf(run: AgentRunRow): RoundInput {
  return run.input as unknown as RoundInput;
}

/** The settings of a round, as they are stored. */
export interface StoredSettings extends RoundSettings {
  isWatched: boolean;
  /** The rounds that started together with it. */
  beside?: string[];
}

export function settingsOf(run: AgentRunRow): StoredSettings {
  return run.snapshot as unknown as StoredSettings;
}

/** Longer than any run of backquotes in the text. */
function fenceFor(text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  return '`'.repeat(longest + 1);
}

/** The message of a person as the model gets it: text files after the text, then images. */
export function userMessage({ content, attachments }: RoundInput): UserMessage {
  const files = attachments.flatMap((file) => {
    if (file.type !== 'text') return [];
    const fence = fenceFor(file.text);
    return [`\n\n${file.name}:\n${fence}\n${file.text}\n${fence}`];
  });
  const text = content + files.join('');
  const images = attachments.flatMap((file): ContentPart[] =>
    file.type === 'image' ? [{ type: 'image_url', image_url: { url: file.url } }] : [],
  );
  return { role: 'user', content: images.length === 0 ? text : [{ type: 'text', text }, ...images] };
}

/** The stored form of an answer. */
export interface AnswerOutput {
  message: AssistantMessage;
  turn: number;
  model: string;
  ms: number;
  /** Not known of answers that were stored before it was kept. */
  thoughtMs?: number | null;
  finish: string | null;
}

/** The stored form of a call's result. */
export interface ResultOutput {
  message: ToolMessage;
  turn: number;
  detail: CallDetail | null;
}

/** The steps of a round as messages; running calls have none yet. */
export function roundMessages(steps: readonly AgentStepRow[]): RoundMessage[] {
  return steps.flatMap((step): RoundMessage[] => {
    if (step.output === null) return [];
    if (step.kind === 'tool') {
      const { message, turn, detail } = step.output as unknown as ResultOutput;
      return [{ role: 'tool', turn, message, detail }];
    }
    const { message, turn, model, ms, thoughtMs = null } = step.output as unknown as AnswerOutput;
    const usage = step.usage as Used | null;
    return [{ role: 'assistant', turn, message, cut: step.state === 'cut', model, usage, ms, thoughtMs }];
  });
}

/** The messages of a round for a model; after a compaction the shorter ones. */
export function messagesOf(run: AgentRunRow, steps: readonly AgentStepRow[]): Message[] {
  if (run.compacted !== null) return run.compacted as unknown as Message[];
  return [userMessage(inputOf(run)), ...roundMessages(steps).map(({ message }) => message)];
}

export interface LoadedRound {
  run: AgentRunRow;
  steps: AgentStepRow[];
}

/** Rounds with their steps, in the order of their ids. */
export async function loadRounds(db: Db, ids: readonly string[]): Promise<LoadedRound[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .select()
    .from(tables.agentRuns)
    .where(inArray(tables.agentRuns.id, [...ids]));
  const runs = new Map(rows.map((row) => [row.id, row]));
  const steps = await stepsOf(db, ids);
  return ids.flatMap((id) => {
    const run = runs.get(id);
    return run ? [{ run, steps: steps.get(id) ?? [] }] : [];
  });
}
