import { targetsOf, withEnds } from './links.ts';
import { referencesOf } from './references.ts';
import type { Graph, GraphNode } from './schema.ts';

const longestLine = 300;

/** One line of Markdown: what is written in it draws nothing. */
function line(text: string): string {
  const one = text.replaceAll(/\s+/g, ' ').trim().slice(0, longestLine);
  return one.replaceAll(/[\\`*_{}[\]<>|#]/g, String.raw`\$&`);
}

/** A label of Mermaid. */
function label(text: string): string {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  return `["${escaped.replaceAll(/\s+/g, ' ')}"]`;
}

function chart(graph: Graph): string[] {
  const { nodes } = withEnds(graph);
  const ids = new Map([
    ['start', 'start'],
    ['end', 'finish'],
    ...nodes.map(({ name }, at) => [name, `n${at}`] as const),
  ]);
  const edges = new Set<string>();
  for (const node of nodes) {
    const { name, input_nodes: inputs, output_nodes: outputs, handoffs } = node;
    const own = ids.get(name) ?? '';
    for (const from of inputs) if (ids.has(from)) edges.add(`  ${ids.get(from)} --> ${own}`);
    for (const to of outputs) {
      if (!ids.has(to)) continue;
      if (handoffs > 0 && to !== 'end') edges.add(`  ${own} -. hand-off .-> ${ids.get(to)}`);
      else edges.add(`  ${own} --> ${ids.get(to)}`);
    }
    const marked = [
      ...targetsOf(node).map((to) => ['if', to] as const),
      ...(node.on_error ?? []).map((to) => ['on error', to] as const),
    ];
    for (const [mark, to] of marked) if (ids.has(to)) edges.add(`  ${own} -. ${mark} .-> ${ids.get(to)}`);
  }
  return [
    '```mermaid',
    'flowchart TD',
    '  start(["start"])',
    ...nodes.map(({ name }) => `  ${ids.get(name)}${label(name)}`),
    '  finish(["end"])',
    ...edges,
    '```',
  ];
}

function speaker(node: GraphNode): string {
  if (node.is_subgraph) return `stands for the graph ${line(node.subgraph_name)}`;
  switch (node.kind) {
    case 'human':
      return `asks a person (${node.ask ?? 'answer'})`;
    case 'condition':
      return `chooses where the run goes on (${node.condition?.cases.length ?? 0} cases)`;
    case 'tool':
      return `calls the tool ${line(node.tool?.name ?? '')} of the server ${line(node.tool?.server ?? '')}`;
    case 'each':
      return `goes through a list of at most ${node.each?.most ?? 0} items`;
    default:
      return `model ${line(node.model_name)}`;
  }
}

function described(node: GraphNode): string[] {
  const facts = [
    speaker(node),
    ...(node.mcp_servers.length > 0 ? [`servers ${node.mcp_servers.map(line).join(', ')}`] : []),
    ...(node.handoffs > 0 ? [`up to ${node.handoffs} hand-offs`] : []),
    ...(node.global_output ? ['its output is global'] : []),
  ];
  const head = `- **${line(node.name)}**: ${facts.join('; ')}`;
  // Two spaces at its end break the line.
  return node.description === '' ? [head] : [`${head}  `, `  ${line(node.description)}`];
}

function listed(title: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : ['', `## ${title}`, '', ...names.map((name) => `- ${line(name)}`)];
}

/** A graph as Markdown: what it is, a flow chart as text, its nodes, servers and models. */
export function readmeOf(graph: Graph): string {
  const { servers, models, subgraphs } = referencesOf(graph);
  return [
    `# ${line(graph.name)}`,
    ...(graph.description === '' ? [] : ['', line(graph.description)]),
    '',
    '## Flow',
    '',
    ...chart(graph),
    '',
    '## Nodes',
    '',
    ...graph.nodes.flatMap(described),
    ...listed('MCP servers', servers),
    ...listed('Models', models),
    ...listed('Graphs', subgraphs),
    '',
  ].join('\n');
}
