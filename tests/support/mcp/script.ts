import { askingTools, changingTools, number, object, plainTools, type State, string, text } from './script-tools.ts';
import type { Json, ScriptedTool, Audience } from './script-types.ts';

export interface Script {
  name: string;
  tools(): ScriptedTool[];
  prompts: Json[];
  resources: Json[];
  templates: Json[];
  readResource(uri: string): Json | null;
  getPrompt(name: string, args: Json): Json | null;
  complete(value: string): string[];
  /** Told when a call was cancelled by its client. */
  cancelled(): void;
}

/** Builds the script of one process; `name` shows in results, so two servers can be told apart. */
export function createScript(name: string, audience: Audience, fillers = 0): Script {
  const state: State = { cancelled: 0, grown: 0 };
  const fixed = [...plainTools(name, state), ...askingTools(), ...changingTools(state, audience)];
  for (let i = 1; i <= fillers; i += 1) {
    const inputSchema = object({ id: string, limit: number }, ['id']);
    fixed.push({ name: `filler_${i}`, description: `Looks up record ${i}`, inputSchema, run: () => text('nothing') });
  }
  function grown(): ScriptedTool[] {
    return Array.from({ length: state.grown }, (_, i) => ({
      name: `grown_${i + 1}`,
      description: 'Came later',
      inputSchema: object(),
      run: () => text('grown'),
    }));
  }
  const own = `test://${name}/note`;
  function resource(uri: string, title: string): Json {
    return { uri, name: title, mimeType: 'text/plain' };
  }
  return {
    name,
    tools: () => [...fixed, ...grown()],
    prompts: ['greet', 'bye', 'ask'].map((prompt) => ({
      name: prompt,
      description: `Says ${prompt}`,
      arguments: [{ name: 'who', description: 'To whom', required: false }],
    })),
    resources: [
      resource('test://shared/note', 'A URI that every scripted server lists'),
      resource(own, 'A URI of this server'),
      resource(`test://${name}/other`, 'Another one'),
    ],
    templates: [{ uriTemplate: `test://${name}/item/{id}`, name: 'Items', mimeType: 'text/plain' }],
    readResource: (uri) => {
      const known = ['test://shared/note', own, `test://${name}/other`].includes(uri);
      if (!known && !uri.startsWith(`test://${name}/item/`)) return null;
      return { contents: [{ uri, mimeType: 'text/plain', text: `${name} has ${uri}` }] };
    },
    getPrompt: (prompt, args) =>
      ['greet', 'bye', 'ask'].includes(prompt)
        ? { messages: [{ role: 'user', content: { type: 'text', text: `${prompt} ${String(args['who'] ?? name)}` } }] }
        : null,
    complete: (value) => ['anna', 'annika', 'bert', `${name}-only`].filter((word) => word.startsWith(value)),
    cancelled: () => {
      state.cancelled += 1;
    },
  };
}

export interface Page<T> {
  items: T[];
  nextCursor: string | undefined;
}

/** Cuts a list into three pages, so a client that stops after the first loses something. */
export function page<T>(items: readonly T[], cursor: unknown): Page<T> {
  const size = Math.max(1, Math.ceil(items.length / 3));
  const from = cursor === undefined ? 0 : Number(String(cursor).replace('from-', ''));
  const next = from + size;
  return { items: items.slice(from, next), nextCursor: next < items.length ? `from-${next}` : undefined };
}
