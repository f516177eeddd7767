import { z } from 'zod';
import type { Message } from '@switchboard/agents';
import type { NodeQuestion } from '@switchboard/agents/graphs';
import { askedFor, graphConfig, NodeName, operators, type Graph } from '@switchboard/agents/graphs/schema';
import { visibilities } from '@switchboard/db/words';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { noNul, Prompt } from '../conversations/fields.ts';
import type { RoundMessage, Used } from '../conversations/schema.ts';
import { VersionNumber, type TextDiff, type VersionSummary } from '../versions/schema.ts';

export { askedFor, graphConfig, NodeName, operators };
export type { Graph };

const longestRef = 200;
/** Graphs in graphs, each with the name of its node before the next one's. */
const longestVisit = 2_000;

/** Id or name of a graph. */
export const GraphRef = z.string().min(1).max(longestRef).regex(noNul, 'must hold no NUL');
export const GraphById = z.object({ id: GraphRef });

const sharing = {
  visibility: z.enum(visibilities),
  groups: z.array(z.string().min(1).max(64)).max(50),
};

export const SaveGraph = z.object({
  config: graphConfig,
  /** False: a graph of this name must not be there yet. */
  replace: z.boolean().default(true),
});
export const CheckGraph = z.object({ config: graphConfig });
export const RenameGraph = GraphById.extend({ name: z.string().min(1).max(longestRef) });
export const ShareGraph = GraphById.extend({ visibility: sharing.visibility, groups: sharing.groups.default([]) });
export const DiffGraph = GraphById.extend({ from: VersionNumber, to: VersionNumber });
export const RestoreGraph = GraphById.extend({ number: VersionNumber });
export const GraphScripts = GraphById.extend({ baseUrl: z.url().max(2_048) });

/** A graph as a list has it. */
export interface GraphItem {
  id: string;
  name: string;
  description: string;
  nodes: number;
  visibility: (typeof visibilities)[number];
  groups: string[];
  /** The server that it is, where the actor sees one. */
  serverId: string | null;
  ownerName: string | null;
  createdAt: Date;
  updatedAt: Date;
  can: { use: boolean; configure: boolean };
}

/** A problem or warning about a graph, and its node. */
export interface ToldProblem {
  why: Reason;
  node?: string;
}

export interface GraphDetail extends GraphItem {
  config: Graph;
  /** Possible problems, with the present servers and models. */
  warnings: ToldProblem[];
}

export interface GraphVersions {
  versions: VersionSummary[];
  /** How many are kept. */
  most: number;
}

export interface GraphDiff {
  config: TextDiff;
}

export interface GraphChecked {
  problems: ToldProblem[];
  warnings: ToldProblem[];
  /** The level of each node, by name. */
  levels: Record<string, number>;
}

export const RunId = z.string().min(1).max(64);
const input = Prompt;

const mostBudget = 1_000_000_000;

/**
 * The budget of a run; the run stops when it is spent and can continue with a larger one. Absent means that of its
 * runner.
 */
export const RunBudget = z.strictObject({
  /** In and out, together. */
  tokens: z.int().min(1).max(mostBudget).optional(),
  /** In the currency of the models' prices. */
  cost: z.number().positive().max(mostBudget).optional(),
  /** Turns of models and calls of tools. */
  steps: z.int().min(1).max(100_000).optional(),
  /** Since it started, or was resumed. */
  seconds: z.int().min(1).max(2_592_000).optional(),
});
export type RunBudget = z.infer<typeof RunBudget>;

/** Begins a run. */
export const StartRun = z.object({
  id: GraphRef,
  input,
  /** The id of the run's conversation; the default is the graph's name with the time. */
  conversation: z.string().min(1).max(256).regex(noNul, 'must hold no NUL').optional(),
  budget: RunBudget.optional(),
});

/** The request of the documented API: a new run, one that continues, or one that starts again. */
export const ExecuteGraph = z.object({
  graph: GraphRef,
  input: input.nullable(),
  conversation: z.string().min(1).max(256).regex(noNul, 'must hold no NUL').nullable(),
  /** Goes on where it ended, though there is an input. */
  resume: z.boolean().default(false),
  userId: z.string().min(1).max(200).optional(),
});

/** The same in the course of runs of other graphs. */
export const CallGraph = ExecuteGraph.extend({
  /** Ids of these graphs, the outermost first. */
  within: z.array(z.string()).max(64),
});

/** The arguments that clients give to the tool of a graph. */
export const CallArguments = z.strictObject({
  input_text: input,
  conversation_id: ExecuteGraph.shape.conversation.optional(),
});
export type CallArguments = z.infer<typeof CallArguments>;

/** Makes a server of a graph. */
export const ShowGraph = GraphById.extend({ visibility: sharing.visibility.optional() });

export const ByGraphRun = z.object({ runId: RunId });
/** Goes on with a run; `budget` is in the place of the one that it has. */
export const ResumeRun = ByGraphRun.extend({ budget: RunBudget.optional() });
/** The answer of a person at a human node. */
export const AnswerRun = ByGraphRun.extend({
  node: z.string().min(1).max(longestVisit),
  visit: z.int().min(1),
  /** False: the run ends there, with `text` as the reason. */
  accept: z.boolean().default(true),
  /** The answer, or the edited text; what is approved stays as it is. */
  text: input.default(''),
  /** The node that follows by hand-off. */
  handoff: z.string().max(longestVisit).nullable().default(null),
  /** Of a call in doubt: it is made again, in the place of `text` as its result. */
  repeat: z.boolean().default(false),
});

export const FollowGraphRun = ByGraphRun.extend({ after: z.int().min(0).max(2_147_483_647).default(0) });
export const graphRunStates = ['running', 'waiting', 'done', 'failed', 'cancelled'] as const;
export type GraphRunState = (typeof graphRunStates)[number];

export const ListGraphRuns = z.object({
  graph: GraphRef.optional(),
  state: z.enum(graphRunStates).optional(),
  /** A part of the input, in any case. */
  search: z.string().max(200).regex(noNul, 'must hold no NUL').optional(),
  /** The id of a run: those that began before it. */
  cursor: RunId.optional(),
  most: z.int().min(1).max(200).default(50),
});

/** A run as a list has it. */
export interface GraphRunItem {
  id: string;
  conversationId: string;
  /** The id that callers gave to the conversation. */
  externalId: string;
  graphId: string;
  graph: string;
  state: GraphRunState;
  input: string;
  failure: Reason | null;
  tokensIn: number;
  tokensOut: number;
  cost: number;
  createdAt: Date;
  endedAt: Date | null;
}

/** One visit of a node. */
export interface GraphRunNode {
  node: string;
  visit: number;
  level: number;
  /** As it was sent: system, user. */
  prompt: Message[];
  /** Answers and results of tools, in their order. */
  said: RoundMessage[];
  done: boolean;
  output: string | null;
  handoff: string | null;
  /** The nodes that a condition chose. */
  branch: string[] | null;
  /** True where it failed and the run continued: the output is the failure. */
  failed: boolean;
  /** The question to a person at this node, and the answer. */
  asked: {
    question: NodeQuestion;
    answer: { output: string; handoff: string | null; by: string | null } | null;
  } | null;
  used: Used;
  startedAt: Date;
  endedAt: Date | null;
}

/** A run with all that was said. */
export interface GraphRunDetail extends GraphRunItem {
  config: Graph;
  /** The budget of the run; null means that of its runner. */
  budget: RunBudget | null;
  /** Turns and calls so far. */
  steps: number;
  inputs: string[];
  nodes: GraphRunNode[];
  finalResult: string;
  executionChain: string[][];
  globalOutputs: Record<string, string[]>;
  handoffs: Record<string, { total_limit: number; used_count: number; last_selection: string | null }>;
}
