import type { PullProgress } from '@switchboard/docker';
import type { JsonObject } from '@switchboard/mcp-runtime/types';
import type { Action } from '../access/actions.ts';
import type { EngineResource } from '../access/subject.ts';
import type { ToldEvent } from '../conversations/events.ts';
import type { RoundAnswer, RoundEnding, RoundQuestion } from '../conversations/schema.ts';
import type { GraphEnding, GraphTold } from '../graphs/events.ts';
import type { CallEnd } from '../playground/schema.ts';

/** The types of one kind of run; `never` where it has no such part. */
interface KindOf {
  /** An event while it runs. */
  event: object;
  /** A question to its owner, and the answer. */
  question: object;
  answer: object;
  /** The resource whose rights decide who may follow it. */
  resource: { type: string };
  /** Further facts that are known from its beginning. */
  facts: object;
  /** Its result. */
  result: object | null;
}

interface OnEngine extends KindOf {
  event: { type: 'line'; text: string } | { type: 'progress'; progress: PullProgress };
  question: never;
  answer: never;
  resource: EngineResource;
  facts: { engine: string };
  result: Record<string, unknown> | null;
}

interface PlaygroundCall extends KindOf {
  event: { type: 'notification'; method: string; params: JsonObject };
  question: { method: string; params: JsonObject };
  answer: { result: JsonObject } | { declined: string };
  resource: { type: 'server' };
  facts: { method: string; name: string };
  /** A refusal of the server is a result of the call too, as an error of its protocol. */
  result: CallEnd;
}

interface ChatRound extends KindOf {
  event: ToldEvent;
  question: RoundQuestion;
  answer: RoundAnswer;
  resource: { type: 'conversation' };
  facts: { conversationId: string };
  result: RoundEnding;
}

interface GraphRun extends KindOf {
  event: GraphTold;
  question: never;
  answer: never;
  resource: { type: 'conversation' };
  facts: { conversationId: string; graph: string };
  result: GraphEnding;
}

/** Every kind of work that outlives its request. A kind without limits does not compile. */
export interface RunKinds {
  'image.pull': OnEngine;
  'image.build': OnEngine;
  'container.create': OnEngine;
  'stack.operate': OnEngine;
  'stack.remove': OnEngine;
  'playground.call': PlaygroundCall;
  'chat.round': ChatRound;
  'graph.run': GraphRun;
}
export type RunKind = keyof RunKinds;

/** Kinds of work on engines. Each is an action too, by which the trail names it. */
export const engineRunKinds = [
  'image.pull',
  'image.build',
  'container.create',
  'stack.operate',
  'stack.remove',
] as const satisfies readonly (RunKind & Action)[];
export type EngineRunKind = (typeof engineRunKinds)[number];

/** How much of a kind there may be, and for how long. */
export interface RunLimits {
  /** The most events and bytes of JSON that the log keeps; the newest event stays, whatever its size. */
  events: number;
  bytes: number;
  /** Bytes of an entry of its log; default: as JSON. */
  sizeOf?: (entry: object) => number;
  /** Runs that go at once. */
  perPerson: number;
  overall: number;
  /** Questions of a run that wait at once, and how long each of them waits. */
  questions: number;
  answerMs: number;
  /** How long it runs while nobody follows it; null: to its end. */
  unattendedMs: number | null;
  /** How long it can be read after its end, and how many ended ones are kept. */
  keptMs: number;
  kept: number;
  /** It outlives the process, where there is a store. */
  isStored: boolean;
}

const minuteMs = 60_000;

/** The approximate size of an entry besides its text. */
const entryBytes = 100;

/** Chunks are many, and JSON already. */
function chatBytes(entry: object): number {
  const event: unknown = 'event' in entry ? entry.event : null;
  const isChunk = typeof event === 'object' && event !== null && 'json' in event && typeof event.json === 'string';
  return isChunk ? entryBytes + 2 * (event.json as string).length : Buffer.byteLength(JSON.stringify(entry));
}

const onEngine: RunLimits = {
  events: 2_000,
  bytes: 1024 ** 2,
  perPerson: 100,
  overall: 1_000,
  questions: 0,
  answerMs: 0,
  unattendedMs: null,
  keptMs: 30 * minuteMs,
  kept: 100,
  isStored: false,
};

/** The limits of each kind. */
export function limitsOfRuns(caps: { runsPerPerson: number }): Readonly<Record<RunKind, RunLimits>> {
  return {
    'image.pull': onEngine,
    'image.build': onEngine,
    'container.create': onEngine,
    'stack.operate': onEngine,
    'stack.remove': onEngine,
    'playground.call': {
      events: 1_000,
      bytes: 4 * 1024 ** 2,
      perPerson: caps.runsPerPerson,
      overall: 10_000,
      questions: 32,
      answerMs: 15 * minuteMs,
      unattendedMs: minuteMs / 4,
      keptMs: minuteMs,
      kept: 500,
      isStored: false,
    },
    'chat.round': {
      // A chunk of a provider has about 200 bytes, and a long answer thousands of them.
      events: 100_000,
      bytes: 16 * 1024 ** 2,
      sizeOf: chatBytes,
      perPerson: caps.runsPerPerson,
      overall: 10_000,
      questions: 64,
      answerMs: 5 * minuteMs,
      unattendedMs: null,
      keptMs: 5 * minuteMs,
      kept: 500,
      isStored: true,
    },
    'graph.run': {
      // Nodes run at the same time, and each has as many events as a round.
      events: 200_000,
      bytes: 32 * 1024 ** 2,
      sizeOf: chatBytes,
      perPerson: caps.runsPerPerson,
      overall: 10_000,
      questions: 0,
      answerMs: 0,
      unattendedMs: null,
      keptMs: 5 * minuteMs,
      kept: 500,
      isStored: true,
    },
  };
}
