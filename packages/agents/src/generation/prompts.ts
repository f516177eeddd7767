import type { Graph, GraphNode } from '../graphs/schema.ts';
import { graphChange, graphTask } from './graph-text.ts';
import type { ToolLanguage } from './tool-programs.ts';
import { toolTask } from './tool-text.ts';
import type { DraftProblem } from './types.ts';

/** The models and tools that a graph may use. */
export interface Described {
  models: readonly { name: string; description: string }[];
  servers: readonly { name: string; tools: readonly { name: string; description: string }[] | null }[];
}

/** Characters of a prompt that a list may take, and of one description in it. */
const mostListed = 60_000;
const longestDescription = 300;
/** Characters of the graph that is changed. */
const mostConfig = 200_000;
/** How long texts of nodes may be, where the graph is too long as it is. */
const shorter = [4_000, 1_000, 200, 0];

/** A description as one short line. */
function line(text: string): string {
  const plain = text
    .slice(0, 4 * longestDescription)
    .split(/\s+/)
    .join(' ')
    .trim();
  return (plain.length > longestDescription ? `${plain.slice(0, longestDescription)}…` : plain).toWellFormed();
}

/** Lines as far as there is room for them; the number of those left out follows. */
function listed(lines: readonly string[], empty: string): string {
  if (lines.length === 0) return empty;
  let length = 0;
  const shown = lines.filter((each) => (length += each.length + 1) <= mostListed);
  const left = lines.length - shown.length;
  return [...shown, ...(left > 0 ? [`(${left} more lines do not fit here.)`] : [])].join('\n');
}

function described(name: string, description: string): string {
  const told = line(description);
  return told === '' ? name : `${name}: ${told}`;
}

function modelsText({ models }: Described): string {
  const lines = models.map(({ name, description }) => `- ${described(line(name), description)}`);
  return listed(lines, 'There is no model that the person may use.');
}

function toolsText({ servers }: Described): string {
  const lines = servers.flatMap(({ name, tools }) => [
    `- ${line(name)}${tools === null ? ' (its tools are not known yet)' : ''}`,
    ...(tools ?? []).map((tool) => `  - ${described(line(tool.name), tool.description)}`),
  ]);
  return listed(lines, 'There is no server that the person may use.');
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`;
}

/** A graph as JSON that fits. */
function configText(graph: Graph): string {
  function json(most: number) {
    const nodes = graph.nodes.map((node): GraphNode => {
      const { system_prompt: system, user_prompt: user, description } = node;
      return {
        ...node,
        system_prompt: cut(system, most),
        user_prompt: cut(user, most),
        description: cut(description, most),
      };
    });
    return JSON.stringify({ ...graph, nodes, end_template: cut(graph.end_template, most) }, null, 1);
  }
  const texts = [Number.POSITIVE_INFINITY, ...shorter].map((most) => () => json(most));
  for (const text of texts) {
    const fitting = text();
    if (fitting.length <= mostConfig) return fitting;
  }
  return cut(json(0), mostConfig);
}

/** Placeholders without a value stay as they are, and so does what values say. */
function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{([A-Z_]{1,40})\}/g, (all, name: string) => values[name] ?? all);
}

/** The problems of the last answer, for the next one. */
function problemsText(problems: readonly DraftProblem[]): string {
  if (problems.length === 0) return '';
  const lines = problems.map(
    ({ tag, name, reason }) => `- <${tag}>${name === null ? '' : ` ${line(name)}`}: ${line(reason)}`,
  );
  return `\n\n## What could not be read of your last answer\n\nWrite these anew, whole:\n\n${listed(lines, '')}`;
}

/**
 * The prompt of a model that makes a graph, with the models and tools that the person may use. With `change`, also with
 * the graph that is changed; for `unknown`, its place is left open.
 */
export function graphPrompt(
  may: Described,
  change: Graph | 'unknown' | null = null,
  problems: readonly DraftProblem[] = [],
): string {
  const template = change === null ? graphTask : `${graphTask}\n\n${graphChange}`;
  const values = { MODELS_DESCRIPTION: modelsText(may), TOOLS_DESCRIPTION: toolsText(may) };
  const config = change === null || change === 'unknown' ? {} : { GRAPH_CONFIG: configText(change) };
  return filled(template, { ...values, ...config }) + problemsText(problems);
}

/** The prompt of a model that makes a tool in this language. */
export function toolPrompt(language: ToolLanguage, problems: readonly DraftProblem[] = []): string {
  return toolTask(language) + problemsText(problems);
}
