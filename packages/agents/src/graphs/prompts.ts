import type { JsonObject, Message } from '../types.ts';
import { valueAt } from './conditions.ts';
import type { RunProgress } from './run-progress.ts';
import type { FlatNode } from './schema.ts';
import { schemaRequest } from './structured.ts';
import { createText, fieldOf, joined, longestFilled, piecesOf, TooLong, type Token } from './tokens.ts';
import { jsonIn } from './values.ts';

/** The values that the templates of a node can use. */
export interface Scope extends Pick<RunProgress, 'outputsOf' | 'globalsOf'> {
  isNode(name: string): boolean;
  /** Its output is JSON, whose fields have names. */
  hasFields(name: string): boolean;
}

function contextOf({ context_mode: mode, context_n: count }: FlatNode, texts: readonly string[]): string {
  if (mode === 'all') return texts.join('\n\n');
  if (mode === 'latest') return texts.at(-1) ?? '';
  return texts.slice(-(mode === 'latest_n' ? count : Number(mode))).join('\n\n');
}

/** The inputs that a node gets without a placeholder, by the node that they come from. */
function inputsOf(node: FlatNode, scope: Scope): Map<string, string> {
  const inputs = new Map(node.input_nodes.map((name) => [name, scope.outputsOf(name).at(-1) ?? '']));
  for (const name of node.context) inputs.set(name, contextOf(node, scope.globalsOf(name)));
  return inputs;
}

/** Fills the templates of one visit. */
export function fillerOf(node: FlatNode, scope: Scope, file: (name: string) => Promise<string | null>) {
  const inputs = inputsOf(node, scope);
  const named = new Set<string>();
  // A template may name an output or a file as often as it likes.
  const values = new Map<string, unknown>();
  const files = new Map<string, string>();
  function valueOf(node: string): unknown {
    if (!values.has(node)) values.set(node, jsonIn(scope.outputsOf(node).at(-1) ?? ''));
    return values.get(node);
  }
  async function fileOf(name: string): Promise<string> {
    const text = files.get(name) ?? (await file(name)) ?? '';
    files.set(name, text);
    return text;
  }
  function isKnown(name: string) {
    return name === 'start' || scope.isNode(name);
  }
  async function outsideOf(name: string): Promise<string> {
    const field = fieldOf(name, scope.hasFields);
    if (!field) return await fileOf(name);
    named.add(field.node);
    const value = valueAt(valueOf(field.node), field.path);
    return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  }
  async function textOf({ names, count }: Token): Promise<string> {
    for (const name of names) {
      named.add(name);
      const input = count === null ? inputs.get(name) : undefined;
      const text = input ?? (isKnown(name) ? joined(scope.globalsOf(name), count) : await outsideOf(name));
      if (text !== '') return text;
    }
    return '';
  }
  return {
    async fill(template: string): Promise<string> {
      const result = createText();
      for (const piece of piecesOf(template, isKnown)) {
        result.add('text' in piece ? piece.text : await textOf(piece.token));
      }
      return result.text();
    },
    /** Inputs that no template named. */
    unnamed: () => [...inputs].filter(([name, text]) => text !== '' && !named.has(name)).map(([, text]) => text),
  };
}

/** The prompt of a visit: its templates filled, and inputs that they do not name behind them. */
export async function promptOf(
  node: FlatNode,
  scope: Scope,
  file: (name: string) => Promise<string | null>,
): Promise<Message[]> {
  const filler = fillerOf(node, scope, file);
  const told = await filler.fill(node.system_prompt);
  const asked = await filler.fill(node.user_prompt);
  const whole = createText();
  for (const text of [asked, ...filler.unnamed()].filter((each) => each !== '')) whole.add(`${text}\n\n`);
  const content = whole.text().slice(0, -2);
  const system = [told, schemaRequest(node)].filter((text) => text !== '').join('\n\n');
  return [...(system === '' ? [] : [{ role: 'system' as const, content: system }]), { role: 'user', content }];
}

/** Whether a parameter may be something else than text, by its schema. */
function wantsText(schema: JsonObject, name: string): boolean {
  const { type } = (valueAt(schema, `properties`) as Record<string, JsonObject> | undefined)?.[name] ?? {};
  return type === undefined || [type].flat().includes('string');
}

/** The arguments of a tool with their templates filled; those that are no text by its schema are read as JSON. */
export async function argumentsOf(
  node: FlatNode,
  schema: JsonObject,
  scope: Scope,
  file: (name: string) => Promise<string | null>,
): Promise<JsonObject> {
  const filler = fillerOf(node, scope, file);
  let length = 0;
  async function filled(value: unknown): Promise<unknown> {
    if (typeof value === 'string') {
      const text = await filler.fill(value);
      length += text.length;
      if (length > longestFilled) throw new TooLong();
      return text;
    }
    if (Array.isArray(value)) {
      const entries: unknown[] = [];
      for (const entry of value) entries.push(await filled(entry));
      return entries;
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries: [string, unknown][] = [];
    for (const [name, entry] of Object.entries(value)) entries.push([name, await filled(entry)]);
    return Object.fromEntries(entries);
  }
  const given = (await filled(node.tool?.arguments ?? {})) as JsonObject;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const read = typeof value === 'string' && !wantsText(schema, name) ? jsonIn(value) : undefined;
      return [name, read ?? value];
    }),
  );
}
