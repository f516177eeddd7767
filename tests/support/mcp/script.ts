/**
 * What the scripted test servers do, independent of SDK and era: a list of tools, prompts and resources and one state
 * per process. `scripted-v1.ts` and `scripted-v2.ts` put it on the wire.
 */

export type Json = Record<string, unknown>;

/** A running call, as a tool sees it. */
export interface Call {
  args: Json;
  signal: AbortSignal;
  progress(progress: number, total: number, message: string): Promise<void>;
  log(level: 'debug' | 'info' | 'warning' | 'error', data: unknown): Promise<void>;
  /**
   * Asks the client. Under 2026-07-28 the call ends here and comes again with the answer, so a tool has to reach the
   * same question by the same way.
   */
  ask(key: string, method: string, params: Json): Promise<Json>;
}

export interface ScriptedTool {
  name: string;
  description: string;
  inputSchema: Json;
  outputSchema?: Json;
  annotations?: Json;
  icons?: Json[];
  title?: string;
  _meta?: Json;
  run(call: Call): Promise<Json> | Json;
}

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

/** How the script reaches the clients that listen. */
export interface Audience {
  toolsChanged(): void;
  resourceUpdated(uri: string): void;
}

export const text = (value: string): Json => ({ content: [{ type: 'text', text: value }] });

const object = (properties: Json = {}, required: string[] = []): Json => ({ type: 'object', properties, required });

const string = { type: 'string' };
const number = { type: 'number' };

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

const sampleParams = (prompt: string): Json => ({
  messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
  maxTokens: 20,
});

const formParams = (message: string, field: string): Json => ({
  mode: 'form',
  message,
  requestedSchema: { type: 'object', properties: { [field]: string }, required: [field] },
});

const answered = (answer: Json): Json => text(JSON.stringify(answer));

function plainTools(name: string, state: State): ScriptedTool[] {
  return [
    {
      name: 'echo',
      title: 'Echo',
      description: `Returns its text, from ${name}`,
      inputSchema: object({ text: string }, ['text']),
      annotations: { readOnlyHint: true, idempotentHint: true },
      icons: [{ src: 'data:image/png;base64,AAAA', mimeType: 'image/png', sizes: ['16x16'] }],
      _meta: { 'example.org/owner': name },
      run: ({ args }) => ({ ...text(String(args['text'])), _meta: { 'example.org/from': name } }),
    },
    {
      name: 'structured',
      description: 'Returns structured content',
      inputSchema: object({ n: number }, ['n']),
      outputSchema: object({ double: number }, ['double']),
      run: ({ args }) => {
        const structuredContent = { double: Number(args['n']) * 2 };
        return { ...text(JSON.stringify(structuredContent)), structuredContent };
      },
    },
    {
      name: 'fail',
      description: 'Returns a tool error',
      inputSchema: object(),
      run: () => ({ ...text('failed on purpose'), isError: true }),
    },
    {
      name: 'big',
      description: 'Returns a text of this many bytes',
      inputSchema: object({ bytes: number }, ['bytes']),
      run: ({ args }) => text('x'.repeat(Number(args['bytes']))),
    },
    {
      name: 'slow',
      description: 'Takes its time and tells how far it is',
      inputSchema: object({ steps: number, ms: number }),
      run: async ({ args, signal, progress }) => {
        const steps = Number(args['steps'] ?? 3);
        for (let step = 1; step <= steps && !signal.aborted; step += 1) {
          await pause(Number(args['ms'] ?? 20), signal);
          await progress(step, steps, `step ${step}`);
        }
        // The v1 client forgets its progress handler when the result arrives in the same chunk.
        await pause(50, signal);
        if (signal.aborted) state.cancelled += 1;
        return text(`took ${steps} steps`);
      },
    },
    {
      name: 'cancelled',
      description: 'Tells how many calls were cancelled in this process',
      inputSchema: object(),
      run: () => text(String(state.cancelled)),
    },
    {
      name: 'pid',
      description: 'Tells the process id',
      inputSchema: object(),
      run: () => text(String(process.pid)),
    },
    {
      name: 'environment',
      description: 'Tells the names of its environment variables',
      inputSchema: object(),
      run: () => text(JSON.stringify(Object.keys(process.env).toSorted())),
    },
    {
      name: 'talk',
      description: 'Sends one log message of each level',
      inputSchema: object(),
      run: async ({ log }) => {
        for (const level of ['debug', 'info', 'warning', 'error'] as const) await log(level, { said: level });
        return text('talked');
      },
    },
  ];
}

function askingTools(): ScriptedTool[] {
  return [
    {
      name: 'elicit',
      description: 'Asks the user for a name',
      inputSchema: object(),
      run: async ({ ask }) => answered(await ask('name', 'elicitation/create', formParams('Your name?', 'name'))),
    },
    {
      name: 'elicit_url',
      description: 'Asks the user to open a page',
      inputSchema: object(),
      run: async ({ ask }) =>
        answered(
          await ask('visit', 'elicitation/create', {
            mode: 'url',
            message: 'Please sign in',
            url: 'https://example.org/sign-in',
            elicitationId: 'visit-1',
          }),
        ),
    },
    {
      name: 'sample',
      description: 'Asks the model',
      inputSchema: object({ prompt: string }),
      run: async ({ ask, args }) =>
        answered(await ask('model', 'sampling/createMessage', sampleParams(String(args['prompt'] ?? 'hello')))),
    },
    {
      name: 'roots',
      description: 'Asks for the roots',
      inputSchema: object(),
      run: async ({ ask }) => answered(await ask('roots', 'roots/list', {})),
    },
    {
      name: 'ask_twice',
      description: 'Asks for a name, then for a colour',
      inputSchema: object(),
      run: async ({ ask }) => {
        const name = await ask('name', 'elicitation/create', formParams('Your name?', 'name'));
        const color = await ask('color', 'elicitation/create', formParams('Your colour?', 'color'));
        return text(JSON.stringify([name['content'], color['content']]));
      },
    },
  ];
}

interface State {
  cancelled: number;
  grown: number;
}

function changingTools(state: State, audience: Audience): ScriptedTool[] {
  return [
    {
      name: 'grow',
      description: 'Adds a tool to the list',
      inputSchema: object(),
      run: () => {
        state.grown += 1;
        audience.toolsChanged();
        return text(`grown_${state.grown}`);
      },
    },
    {
      name: 'touch',
      description: 'Tells subscribers that a resource changed',
      inputSchema: object({ uri: string }, ['uri']),
      run: ({ args }) => {
        audience.resourceUpdated(String(args['uri']));
        return text('touched');
      },
    },
  ];
}

/** Builds the script of one process; `name` shows in results, so two servers can be told apart. */
export function createScript(name: string, audience: Audience, fillers = 0): Script {
  const state: State = { cancelled: 0, grown: 0 };
  const fixed = [...plainTools(name, state), ...askingTools(), ...changingTools(state, audience)];
  for (let i = 1; i <= fillers; i += 1) {
    const inputSchema = object({ id: string, limit: number }, ['id']);
    fixed.push({ name: `filler_${i}`, description: `Looks up record ${i}`, inputSchema, run: () => text('nothing') });
  }
  const grown = (): ScriptedTool[] =>
    Array.from({ length: state.grown }, (_, i) => ({
      name: `grown_${i + 1}`,
      description: 'Came later',
      inputSchema: object(),
      run: () => text('grown'),
    }));
  const own = `test://${name}/note`;
  const resource = (uri: string, title: string): Json => ({ uri, name: title, mimeType: 'text/plain' });
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
