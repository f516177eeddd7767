import type { AssistantMessage, Message, ToolMessage } from '@switchboard/agents';
import type { NodeAnswer, NodeQuestion, NodeVisit } from '@switchboard/agents/graphs';
import type { AnswerOutput, ResultOutput } from '../conversations/messages.ts';
import type { Used } from '../conversations/schema.ts';
import type { AgentStepRow } from '../journal/rows.ts';
import type { Asked, Visit } from './events.ts';

/** The stored form of a visit. */
export interface NodeOutput extends Visit {
  level: number;
  /** As it was sent: system, user. */
  prompt: Message[];
  output: string | null;
  handoff: string | null;
  /** The nodes that a condition chose. */
  branch?: string[];
  /** True where it failed and the run continued: the output is the failure. */
  failed?: boolean;
}

export function prefixOf({ node, visit }: Visit): string {
  return `${node}/${visit}`;
}

export function nodeKeyOf(at: Visit): string {
  return `${prefixOf(at)}/node`;
}

/** A visit with its steps, in the order they were written. */
export interface StoredVisit {
  row: AgentStepRow;
  node: NodeOutput;
  /** Turns and calls. */
  steps: AgentStepRow[];
  /** The last question to a person; in a finished visit with its answer. */
  asked: AskOutput | null;
  /** All that it asked, the first one first. */
  asks: AgentStepRow[];
}

/** The visits that a run has, in the order they began. */
export function visitsOf(steps: readonly AgentStepRow[]): StoredVisit[] {
  const byPrefix = new Map<string, AgentStepRow[]>();
  for (const step of steps) {
    const prefix = step.key.split('/', 2).join('/');
    const same = byPrefix.get(prefix);
    if (same) same.push(step);
    else byPrefix.set(prefix, [step]);
  }
  return steps
    .filter(({ kind }) => kind === 'node')
    .toSorted((a, b) => a.seq - b.seq)
    .map((row) => {
      const node = row.output as unknown as NodeOutput;
      const own = byPrefix.get(prefixOf(node)) ?? [];
      const asks = own.filter(({ kind }) => kind === 'ask').toSorted((a, b) => a.seq - b.seq);
      // Before a call in doubt is made again, its next question is written down: of a visit that is done it means nothing.
      const asked = asks.findLast(({ state }) => row.state !== 'done' || state === 'done')?.output ?? null;
      return {
        row,
        node,
        steps: own.filter(({ kind }) => kind === 'turn' || kind === 'tool'),
        asked: asked as AskOutput | null,
        asks,
      };
    });
}

/** A question of a visit to a person, as its step stores it. */
export interface AskOutput {
  question: NodeQuestion;
  answer: (NodeAnswer & { by: string | null }) | null;
  [more: string]: unknown;
}

/** The key of what a visit asks; it may ask more than once. */
export function askKeyOf(at: Visit, number: number): string {
  return `${prefixOf(at)}/ask${number === 1 ? '' : `/${number}`}`;
}

/** How many turns were taken and calls made. */
export function takenIn(steps: readonly AgentStepRow[]): number {
  return steps.filter(({ kind }) => kind === 'turn' || kind === 'tool').length;
}

/** The key of what a turn used that failed. As a turn it has the number 0, so that it is no place of an answer. */
export function cutKeyOf(at: Visit, seq: number): string {
  return `${prefixOf(at)}/0/cut/${seq}`;
}

/** Questions of a run that nobody has answered, and the keys of their steps. */
export function openAsks(steps: readonly AgentStepRow[]): (Asked & { key: string })[] {
  return visitsOf(steps).flatMap(({ row, node: { node, visit }, asks }) => {
    const last = asks.at(-1);
    const asked = last?.output as AskOutput | null | undefined;
    if (row.state === 'done' || !last || !asked || asked.answer) return [];
    return [{ node, visit, question: asked.question, key: last.key }];
  });
}

/** Questions of a run that nobody has answered. */
export function openQuestions(steps: readonly AgentStepRow[]): Asked[] {
  return openAsks(steps).map(({ node, visit, question }) => ({ node, visit, question }));
}

function messageOf({ output }: AgentStepRow): AssistantMessage | ToolMessage | null {
  return output === null ? null : (output as unknown as AnswerOutput | ResultOutput).message;
}

/** All messages of a visit: what it was sent, what was answered, what tools gave. */
export function messagesOf({ node, steps }: StoredVisit): Message[] {
  return [...node.prompt, ...steps.flatMap((step) => messageOf(step) ?? [])];
}

/** A visit as the engine has it. */
export function toPast(visit: StoredVisit): NodeVisit {
  const { node, row } = visit;
  return {
    node: node.node,
    visit: node.visit,
    level: node.level,
    messages: messagesOf(visit),
    done: row.state === 'done',
    ...(node.output !== null && { output: node.output }),
    ...(node.handoff !== null && { handoff: node.handoff }),
    ...(node.branch && { branch: node.branch }),
    ...(node.failed === true && { failed: true }),
  };
}

/** The use of all turns of a visit or run together. */
export function usedBy({ steps }: Pick<StoredVisit, 'steps'>): Used {
  const used: Used = { tokensIn: 0, tokensOut: 0, cost: 0, estimated: false };
  for (const { usage } of steps) {
    if (usage === null) continue;
    const one = usage as unknown as Used;
    used.tokensIn += one.tokensIn;
    used.tokensOut += one.tokensOut;
    used.cost += one.cost;
    used.estimated ||= one.estimated;
  }
  return used;
}
