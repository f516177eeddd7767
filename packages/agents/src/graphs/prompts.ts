import type { Message } from '../types.ts';
import type { Course } from './course.ts';
import type { FlatNode } from './schema.ts';
import { createText, joined, piecesOf, type Token } from './tokens.ts';

function contextOf({ context_mode: mode, context_n: count }: FlatNode, texts: readonly string[]): string {
  if (mode === 'all') return texts.join('\n\n');
  if (mode === 'latest') return texts.at(-1) ?? '';
  return texts.slice(-(mode === 'latest_n' ? count : Number(mode))).join('\n\n');
}

/** What a node gets to see without asking for it, by the node that it comes from. */
function inputsOf(node: FlatNode, course: Course): Map<string, string> {
  const inputs = new Map(node.input_nodes.map((name) => [name, course.outputsOf(name).at(-1) ?? '']));
  for (const name of node.context) inputs.set(name, contextOf(node, course.globalsOf(name)));
  return inputs;
}

/** The prompt of a visit: its templates filled, and inputs that they do not name behind them. */
export async function promptOf(
  node: FlatNode,
  course: Course,
  isNode: (name: string) => boolean,
  file: (name: string) => Promise<string | null>,
): Promise<Message[]> {
  const inputs = inputsOf(node, course);
  const named = new Set<string>();
  function isKnown(name: string) {
    return name === 'start' || isNode(name);
  }
  async function textOf({ names, count }: Token): Promise<string> {
    for (const name of names) {
      named.add(name);
      const input = count === null ? inputs.get(name) : undefined;
      const text = input ?? (isKnown(name) ? joined(course.globalsOf(name), count) : ((await file(name)) ?? ''));
      if (text !== '') return text;
    }
    return '';
  }
  async function filled(template: string): Promise<string> {
    const result = createText();
    for (const piece of piecesOf(template, isKnown)) {
      result.add('text' in piece ? piece.text : await textOf(piece.token));
    }
    return result.text();
  }
  const system = await filled(node.system_prompt);
  const asked = await filled(node.user_prompt);
  const unnamed = [...inputs].filter(([name, text]) => text !== '' && !named.has(name)).map(([, text]) => text);
  const whole = createText();
  for (const text of [asked, ...unnamed].filter((each) => each !== '')) whole.add(`${text}\n\n`);
  const content = whole.text().slice(0, -2);
  return [...(system === '' ? [] : [{ role: 'system' as const, content: system }]), { role: 'user', content }];
}
