import type { VisitedNode, GraphEvent, GraphPorts } from '@switchboard/agents/graphs';
import type { Ctx } from '../context.ts';
import { approverOf } from '../conversations/asking.ts';
import { openCarried, type Carried, type Tally } from '../conversations/converse.ts';
import { toTold } from '../conversations/events.ts';
import { reasonOf } from '../conversations/finish.ts';
import { notMadeAgain } from '../conversations/lost-calls.ts';
import { createRoundJournal } from '../conversations/round-journal.ts';
import { tellFailure } from '../database-away.ts';
import type { AgentStepRow } from '../journal/rows.ts';
import { failureKind } from '../spans.ts';
import type { RunBudgetCheck } from './budget.ts';
import { keepCut } from './cut-turns.ts';
import type { GraphTold, Visit } from './events.ts';
import { inWords } from './faults.ts';
import { chainOf, snapshotOf, type HeldGraphRun } from './held-run.ts';
import { createNodeRows } from './node-rows.ts';
import { createNodeSpans } from './node-spans.ts';
import { createDoubts, placeOf } from './uncertain-calls.ts';
import { modelOf, toolOf } from './uses.ts';
import { prefixOf, visitsOf } from './visits.ts';

/** The nodes of one run: what their models and tools do, kept in the journal before anything follows from it. */
export interface Nodes {
  ports: GraphPorts;
  /** Stores an event of the engine where it has to be kept, then gives it as it is shown. */
  shown(event: GraphEvent): Promise<GraphTold>;
  /** Counts the use of the turns that were running when the run ended with this error. */
  end(thrown: unknown): Promise<void>;
}

interface RunningNode {
  at: Visit;
  carried: Carried;
  protocol: 'native' | 'tool_action';
}

export function createNodes(
  ctx: Ctx,
  { run, hold, steps }: HeldGraphRun,
  nextSeq: () => number,
  { tally, spending, tell }: { tally: Tally; spending: RunBudgetCheck; tell: (event: GraphTold) => void },
): Nodes {
  const stored = new Map(visitsOf(steps).map((visit) => [prefixOf(visit.node), visit]));
  const going = new Map<string, Promise<RunningNode>>();
  const spans = createNodeSpans(ctx);
  const rows = createNodeRows(ctx, hold, stored, nextSeq);
  const doubts = createDoubts(ctx, hold, stored, nextSeq);
  const approve = approverOf(ctx, { conversationId: null, isWatched: false }, null);

  async function open(at: VisitedNode): Promise<RunningNode> {
    const { node } = at;
    const place = placeOf(at);
    const prefix = prefixOf(place);
    const own: readonly AgentStepRow[] = stored.get(prefix)?.steps ?? [];
    const isTool = node.kind === 'tool';
    // A call of a tool node is decided by the person who runs the graph.
    const inDoubt = isTool ? null : notMadeAgain;
    const journal = createRoundJournal(ctx, hold, own, () => Promise.resolve(inDoubt), { prefix, nextSeq });
    const { chosen, asked, protocol } = isTool ? await toolOf(ctx, node) : await modelOf(ctx, node);
    const carried = await openCarried(
      { ...ctx, trace: spans.of(place) },
      {
        ...asked,
        way: 'graph',
        stream: true,
        within: chainOf(snapshotOf(run)),
        chosen,
        journal,
        async approve(...[call, args, tool, isBegun]) {
          const refused = await approve(call, args, tool, isBegun);
          if (refused) return refused;
          spending.step();
          doubts.begin(at, call, tool.repeatable);
          return null;
        },
        onProgress: (event) => tell({ ...place, ...event }),
      },
      tally,
    );
    return { at: place, carried, protocol };
  }

  /** Each visit opens its model and tools once. */
  function goingOf(at: VisitedNode): Promise<RunningNode> {
    const prefix = prefixOf(placeOf(at));
    const known = going.get(prefix);
    if (known) return known;
    const opened = open(at);
    going.set(prefix, opened);
    // A connection that failed to open is opened again by the next call.
    opened.catch(() => going.delete(prefix));
    return opened;
  }

  /** Counts the use of a failed turn, also where the run continues after it. */
  async function close(at: Visit): Promise<void> {
    const opened = await going.get(prefixOf(at))?.catch(() => null);
    going.delete(prefixOf(at));
    if (!opened) return;
    await keepCut(ctx, hold, nextSeq, { at, carried: opened.carried });
    await opened.carried.end();
  }

  /** Ends the items of a list that their node did not wait for. */
  async function giveUpWithin(at: Visit, output: string): Promise<void> {
    for (const item of rows.openWithin(at)) {
      await close(item);
      await rows.write(item, { output, failed: true }, 'done');
      spans.end(item, 'cancelled');
    }
  }

  async function shown(event: GraphEvent): Promise<GraphTold> {
    const at: Visit = { node: event.node, visit: event.visit };
    switch (event.type) {
      case 'node_start':
        spans.of(at);
        if (!rows.has(at)) await rows.write(at, { level: event.level, prompt: event.messages }, 'started');
        return { ...at, type: 'node_start', level: event.level };
      case 'loop': {
        const opened = await going.get(prefixOf(at));
        if (!opened) throw new Error('A node told something that was not begun.');
        return { ...at, ...toTold(await opened.carried.shown(event.event)) };
      }
      case 'handoff':
        await rows.write(at, { handoff: event.to }, 'started');
        return { ...at, type: 'handoff', to: event.to, call: event.call, message: event.message };
      case 'node_end': {
        const { output, handoff, failed } = event;
        const became = { ...(event.branch && { branch: [...event.branch] }), ...(failed === true && { failed }) };
        await giveUpWithin(at, output);
        await close(at);
        await rows.write(at, { output, ...(handoff !== undefined && { handoff }), ...became }, 'done');
        spans.end(at, null);
        return { ...at, type: 'node_end', output: event.output, ...became };
      }
      case 'node_waits':
        spans.end(at, null);
        return { ...at, type: 'node_waits', question: event.question };
      case 'node_failed':
        spans.end(at, failureKind(event.error));
        return { ...at, type: 'node_failed', failure: reasonOf(inWords(event.error)) };
    }
  }

  return {
    ports: {
      answer: doubts.answer,
      inDoubt: doubts.inDoubt,
      told: (error) => reasonOf(inWords(error)).text,
      async *takeTurn(at, ...asked) {
        const { carried } = await goingOf(at);
        await keepCut(ctx, hold, nextSeq, { at: placeOf(at), carried });
        spending.step();
        yield* carried.take(...asked);
      },
      async tools(at) {
        const { tools } = (await goingOf(at)).carried;
        return at.node.kind === 'tool' ? doubts.plain(at, tools) : tools;
      },
      protocol: async (at) => (await goingOf(at)).protocol,
      // Graphs of documents have no folder of prompts here: what names a file names nothing.
      file: () => Promise.resolve(null),
    },
    shown,
    async end(thrown) {
      spans.endAll(failureKind(thrown));
      for (const opened of going.values()) {
        const one = await opened.catch(() => null);
        // Where another hub took over the run, nothing more is written here.
        await (one && close(one.at))?.catch((error: unknown) =>
          tellFailure(ctx.log, 'warn', error, 'What a turn of a run used was not stored', { runId: run.id }),
        );
      }
    },
  };
}
