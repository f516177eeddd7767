import type { Audience, Json, ScriptedTool } from './script-types.ts';

/** The tools of the scripted servers. */

export function text(value: string): Json {
  return { content: [{ type: 'text', text: value }] };
}

export function object(properties: Json = {}, required: string[] = []): Json {
  return {
    type: 'object',
    properties,
    required,
  };
}

export const string = { type: 'string' };
export const number = { type: 'number' };

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

function sampleParams(prompt: string): Json {
  return {
    messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
    maxTokens: 20,
  };
}

function formParams(message: string, field: string): Json {
  return {
    mode: 'form',
    message,
    requestedSchema: { type: 'object', properties: { [field]: string }, required: [field] },
  };
}

function answered(answer: Json): Json {
  return text(JSON.stringify(answer));
}

export function plainTools(name: string, state: State): ScriptedTool[] {
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

export function askingTools(): ScriptedTool[] {
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
      name: 'ask_between',
      description: 'Reports progress, asks for a name, reports more',
      inputSchema: object(),
      run: async ({ ask, progress, signal }) => {
        await progress(1, 4, 'before');
        await progress(2, 4, 'before');
        const name = await ask('name', 'elicitation/create', formParams('Your name?', 'name'));
        await progress(3, 4, 'after');
        await progress(4, 4, 'after');
        await pause(50, signal);
        return answered(name);
      },
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

export interface State {
  cancelled: number;
  grown: number;
}

export function changingTools(state: State, audience: Audience): ScriptedTool[] {
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
