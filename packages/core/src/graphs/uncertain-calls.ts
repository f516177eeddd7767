import type { ToolCall } from '@switchboard/agents';
import type { ToolOutcome, ToolsPort } from '@switchboard/agents/chat';
import type { VisitedNode, GraphPorts, NodeAnswer, NodeQuestion } from '@switchboard/agents/graphs';
import type { Ctx } from '../context.ts';
import type { CallDetail } from '../conversations/schema.ts';
import type { WriteRight } from '../journal/rows.ts';
import { writeStep } from '../journal/write.ts';
import type { Visit } from './events.ts';
import { askKeyOf, prefixOf, type AskOutput, type StoredVisit } from './visits.ts';

export function placeOf({ name, visit }: VisitedNode): Visit {
  return { node: name, visit };
}

/** The result of a tool as a node gives it on: what it says of itself is for models. */
function plainOf(outcome: ToolOutcome): ToolOutcome {
  const detail = outcome.detail as CallDetail | undefined;
  const { content } = outcome;
  if (detail?.structured !== undefined && !outcome.isError) {
    return { ...outcome, content: JSON.stringify(detail.structured) };
  }
  const text =
    typeof content === 'string'
      ? content
      : content.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n');
  const head = ['succeeded', 'failed']
    .map((end) => `Tool ${detail?.tool ?? ''} ${end}:\n`)
    .find((each) => text.startsWith(each));
  return { ...outcome, content: text.slice(head?.length ?? 0) };
}

export interface UncertainCalls extends Pick<Required<GraphPorts>, 'answer' | 'inDoubt'> {
  /** A call begins; `repeatable`: it may be made twice. */
  begin(at: VisitedNode, call: ToolCall, repeatable: boolean): void;
  /** The tools of a node that calls one without a model. */
  plain(at: VisitedNode, tools: ToolsPort): ToolsPort;
}

/** The questions of a run to people: those of human nodes, and those about calls that may have been made. */
export function createDoubts(
  ctx: Ctx,
  hold: WriteRight,
  stored: ReadonlyMap<string, StoredVisit>,
  nextSeq: () => number,
): UncertainCalls {
  /** By visit: calls of tools that must not be repeated, started and without a result. */
  const open = new Map<string, Set<string>>();
  for (const [prefix, { steps }] of stored) {
    const begun = steps.filter(({ kind, state, repeatable }) => kind === 'tool' && state === 'started' && !repeatable);
    if (begun.length > 0) open.set(prefix, new Set(begun.map(({ key }) => key.split('/').at(-1) ?? '')));
  }
  const asks = new Map<string, AskOutput[]>(
    [...stored].map(([prefix, visit]) => [prefix, visit.asks.map(({ output }) => output as unknown as AskOutput)]),
  );

  async function write(at: VisitedNode, question: NodeQuestion, number: number): Promise<void> {
    const output: AskOutput = { question, answer: null };
    const step = {
      key: askKeyOf(placeOf(at), number),
      seq: nextSeq(),
      kind: 'ask' as const,
      state: 'started' as const,
    };
    const startedAt = new Date(ctx.clock.now());
    await writeStep(ctx.db, hold, { ...step, asked: question, output, startedAt, endedAt: null });
  }

  /** The stored answer; else the question is stored, once. */
  async function answer(at: VisitedNode, question: NodeQuestion): Promise<NodeAnswer | null> {
    const own = asks.get(prefixOf(placeOf(at))) ?? [];
    const last = own.at(-1);
    if (last && !last.answer) return null;
    // Where the hub ends during the repeated call, its owner is asked again.
    if (!last || last.answer?.repeat === true) await write(at, question, own.length + 1);
    return last?.answer ?? null;
  }

  return {
    answer,
    inDoubt: (at, call) => Promise.resolve(open.get(prefixOf(placeOf(at)))?.has(call.id) ?? false),
    begin(at, call, repeatable) {
      const prefix = prefixOf(placeOf(at));
      const own = open.get(prefix) ?? new Set();
      if (!repeatable) open.set(prefix, own.add(call.id));
    },
    plain(at, tools) {
      return {
        ...tools,
        async call(call, ...asked) {
          const outcome = await tools.call(call, ...asked);
          const isLost = (outcome.detail as CallDetail | undefined)?.isLost === true;
          if (!isLost) open.get(prefixOf(placeOf(at)))?.delete(call.id);
          return plainOf(outcome);
        },
      };
    },
  };
}
