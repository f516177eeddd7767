import { isObject } from '@switchboard/basics';
import { GraphNode, mostNodes, type Graph } from '../graphs/schema.ts';
import { textIn } from '../providers/json.ts';
import { jsonInText } from '../simulator/answers/json-in-text.ts';
import { createKept, type NamedEntries } from './named-entries.ts';
import { createReader, nameIn, withoutFence, type Tag, type TellProblem } from './reader.ts';
import type { DraftProblem, DraftReader } from './types.ts';

/** As many as a graph may have: of one that is changed, none is lost. */
const bounds = { entries: mostNodes, characters: 8 * 1024 * 1024 };
const longestReason = 300;

/** A graph that is being made in a dialogue; null for what nobody has said yet. */
export interface GraphDraft {
  analysis: string | null;
  todo: string | null;
  graph_name: string | null;
  graph_description: string | null;
  nodes: GraphNode[];
  end_template: string | null;
  problems: DraftProblem[];
}

const texts = ['analysis', 'todo', 'graph_name', 'graph_description', 'end_template'] as const;
type TextTag = (typeof texts)[number];

function isText(name: string): name is TextTag {
  return (texts as readonly string[]).includes(name);
}

/** The reason why a text is no JSON, from the engine. */
function whyNoJson(body: string): string {
  try {
    JSON.parse(withoutFence(body));
    return 'It holds no JSON object.';
  } catch (error) {
    return error instanceof Error ? `It is no JSON: ${error.message.slice(0, longestReason)}` : 'It is no JSON.';
  }
}

/** One node, or a list of them. */
function takeNodes(body: string, nodes: NamedEntries<GraphNode>, tell: TellProblem): void {
  const read = jsonInText(body);
  if (read === undefined) {
    tell('node', null, whyNoJson(body));
    return;
  }
  for (const value of Array.isArray(read) ? read : [read]) {
    const named = isObject(value) ? textIn(value['name']).slice(0, longestReason) || null : null;
    const parsed = GraphNode.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const at = issue?.path.map(String).join('.') ?? '';
      tell('node', named, `${at === '' ? '' : `${at}: `}${issue?.message ?? 'It is no node.'}`.slice(0, longestReason));
      continue;
    }
    const full = nodes.set(parsed.data.name, parsed.data, JSON.stringify(value).length);
    if (full !== null) tell('node', named, full);
  }
}

/** Reads a dialogue about a new graph, or about a change of an existing one; `before` are earlier thoughts. */
export function createGraphReader(
  base: Graph | null,
  before: Pick<GraphDraft, 'analysis' | 'todo'> = { analysis: null, todo: null },
): DraftReader<GraphDraft> {
  const nodes = createKept<GraphNode>(bounds);
  for (const node of base?.nodes ?? []) nodes.set(node.name, node, JSON.stringify(node).length);
  const said: Record<TextTag, string | null> = {
    analysis: before.analysis,
    todo: before.todo,
    graph_name: base?.name ?? null,
    graph_description: base?.description ?? null,
    end_template: base?.end_template ?? null,
  };

  function take({ name, body }: Tag, tell: TellProblem) {
    if (name === 'node') takeNodes(body, nodes, tell);
    else if (name === 'delete_node') nodes.delete(nameIn(body));
    else if (name === 'graph_name') said.graph_name = nameIn(body);
    else if (isText(name)) said[name] = body.trim();
  }
  return createReader({
    tags: [...texts, 'node', 'delete_node'],
    take,
    parts: () => ({ ...said, nodes: nodes.entries().map(([, node]) => node) }),
  });
}

/** The parts that are missing, or could not be read, in the order of the dialogue. */
export function missingOfGraph(draft: GraphDraft): string[] {
  const broken = new Set(draft.problems.map(({ tag }) => (tag === 'node' || tag === 'delete_node' ? 'nodes' : tag)));
  const missing = [
    ['analysis', draft.analysis === null],
    ['todo', draft.todo === null],
    ['graph_name', (draft.graph_name ?? '') === ''],
    ['graph_description', draft.graph_description === null],
    ['nodes', draft.nodes.length === 0],
    // A graph may have an empty one.
    ['end_template', draft.end_template === null],
  ] as const;
  return missing.filter(([field, isMissing]) => isMissing || broken.has(field)).map(([field]) => field);
}
