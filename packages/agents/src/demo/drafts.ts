import { toolPrograms, type ToolLanguage } from '../generation/tool-programs.ts';

/** The result of the demo model, whatever is asked for: a small object that runs on a fresh hub. */

const languages = ['python', 'node'] as const;
const hello = 'I am the demo model: a script, no artificial intelligence. I make the same whatever is wanted.';

function node(name: string, system: string, inputs: string, outputs: string): string {
  return `<node>${JSON.stringify({
    name,
    model_name: 'demo',
    system_prompt: system,
    input_nodes: [inputs],
    output_nodes: [outputs],
  })}</node>`;
}

const graph = `${hello}

<analysis>Two nodes that speak one after the other.</analysis>
<todo>Nothing: finish, and run it.</todo>
<graph_name>demo_graph</graph_name>
<graph_description>Two scripted nodes, to see how a graph runs.</graph_description>
${node('first', 'You speak first.', 'start', 'second')}
${node('second', 'You sum up what was said.', 'first', 'end')}
<end_template>{second}</end_template>`;

const changed = `${hello} I leave this graph as it is.

<analysis>The graph is fine.</analysis>
<todo>Nothing.</todo>`;

function tool(language: ToolLanguage): string {
  const { file, text } = toolPrograms[language];
  return `${hello}

<analysis>One tool that greets somebody.</analysis>
<todo>Nothing: finish, review the files, and enable it.</todo>
<folder_name>demo_tool</folder_name>
<script_file name="${file}">
${text}</script_file>
<dependencies></dependencies>
<readme># Demo tool

\`greet\` greets somebody by name.</readme>`;
}

/** The draft for a request in tags for a graph or a tool (`generation/prompts.ts`); null for other requests. */
export function draftOf(system: string): string | null {
  const language = languages.find((each) => system.includes(`<script_file name="${toolPrograms[each].file}">`));
  if (language !== undefined) return tool(language);
  if (!system.includes('<delete_node>')) return null;
  return system.includes('## The graph that is changed') ? changed : graph;
}
