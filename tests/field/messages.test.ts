import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Field, type FieldServer, fieldServer, replyTo, startField } from './field.ts';

/** Replies that are almost those of the protocol. */

let field: Field;
const servers: FieldServer[] = [];

beforeAll(async () => {
  field = await startField();
});
afterAll(async () => {
  await field?.[Symbol.asyncDispose]();
  for (const server of servers) await server[Symbol.asyncDispose]();
});

async function serve(...args: Parameters<typeof fieldServer>): Promise<FieldServer> {
  const server = await fieldServer(...args);
  servers.push(server);
  return server;
}

/** A program that answers each request with `reply`, an expression of the request `m` and the result `r`. */
function program(reply: string): string[] {
  return [
    '-e',
    `const results = {
     initialize: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } },
     'tools/list': { tools: [{ name: 'good', inputSchema: { type: 'object' } }] },
     'tools/call': { content: [{ type: 'text', text: 'hi' }] },
   };
   let first = true;
   require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
     const m = JSON.parse(line);
     if (m.id === undefined || m.method === undefined) return;
     const r = results[m.method] ?? {};
     process.stdout.write(${reply} + '\\n');
     first = false;
   });`,
  ];
}

describe('a reply whose id is the text of the number', () => {
  test('is taken from a program', async () => {
    const reply = `JSON.stringify({ jsonrpc: '2.0', id: String(m.id), result: r })`;
    await field.addProgram('text-ids', process.execPath, program(reply));
    expect(await field.call('text-ids')).toBe('hi');
  });

  test.each(['application/json', 'text/event-stream'])('is taken from %s', async (type) => {
    const server = await serve(({ message, response, plainly }) => {
      if (message.id === undefined) return plainly();
      const text = replyTo(message, { id: String(message.id) });
      response.writeHead(200, { 'content-type': type });
      return response.end(type === 'application/json' ? text : `data: ${text}\n\n`);
    });
    const id = `text-ids-${type.slice(-4)}`;
    await field.add(id, server.url);
    for (const kind of ['v1-streamable', 'v2-modern'] as const) expect(await field.call(id, kind)).toBe('hi {"a":1}');
  });
});

describe('a reply that nobody asked for', () => {
  test('is told once in the log of a program', async () => {
    const reply = `JSON.stringify({ jsonrpc: '2.0', id: 'nobody-' + m.id, result: {} }) + '\\n'
      + JSON.stringify({ jsonrpc: '2.0', id: m.id, result: r })`;
    await field.addProgram('strays', process.execPath, program(reply));
    expect(await field.call('strays')).toBe('hi');
    const about = (await field.logs('strays')).filter(({ message }) => message.includes('nobody-'));
    const byConnection = [...Map.groupBy(about, ({ instance }) => instance).values()];
    expect(byConnection.length).toBeGreaterThan(0);
    for (const lines of byConnection) {
      expect(lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('has its id "nobody-1"') }]);
    }
  });

  test('says why a start takes for ever', async () => {
    const reply = `JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'cannot parse that' } })`;
    const limits = { startTimeoutMs: 2_000 };
    await expect(field.addProgram('null-ids', process.execPath, program(reply), { limits })).rejects.toThrow();
    expect(await field.logs('null-ids')).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('an error for no request: cannot parse that') }),
    );
  });
});

describe('a byte order mark', () => {
  test('before the JSON of an HTTP answer is passed over', async () => {
    const server = await serve(({ message, response, plainly }) => {
      if (message.id === undefined) return plainly();
      return response.writeHead(200, { 'content-type': 'application/json' }).end(`\ufeff${replyTo(message)}`);
    });
    await field.add('mark', server.url);
    expect(await field.call('mark')).toBe('hi {"a":1}');
  });

  test('before the JSON of a refusal is passed over', async () => {
    const server = await serve(({ message, response, plainly }) => {
      if (message.method !== 'tools/call') return plainly();
      const error = { code: -32050, message: 'Not in this plan' };
      const text = JSON.stringify({ jsonrpc: '2.0', id: message.id, error });
      return response.writeHead(403, { 'content-type': 'application/json' }).end(`\ufeff${text}`);
    });
    await field.add('mark-refuses', server.url);
    await expect(field.call('mark-refuses')).rejects.toThrow('Not in this plan');
  });

  test('at the beginning of what a program writes is passed over', async () => {
    const reply = `(first ? '\\ufeff' : '') + JSON.stringify({ jsonrpc: '2.0', id: m.id, result: r })`;
    await field.addProgram('mark-program', process.execPath, program(reply));
    expect(await field.call('mark-program')).toBe('hi');
  });
});

describe('tools of a server', () => {
  test.each([
    ['an object', { good: { name: 'good' } }],
    ['null', null],
    ['absent', undefined],
  ])('that are %s are none, and the page and the log say why', async (how, tools) => {
    const server = await serve(({ message, response, plainly }) => {
      if (message.method !== 'tools/list') return plainly();
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(replyTo(message, { result: tools === undefined ? {} : { tools } }));
    });
    const id = `tools-${how.replace(/\W+/g, '-')}`;
    await field.add(id, server.url);
    const { tools: shown, notes } = await field.app.client().servers.items.query({ id });
    expect(shown).toEqual([]);
    expect(notes).toContainEqual(expect.objectContaining({ reason: 'no-list', detail: 'tools/list' }));
    expect((await field.logs(id)).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('tools/list has no list'),
    );
  });
});

describe('what a server says that it speaks', () => {
  test('contradicts nothing that the hub says', async () => {
    const server = await serve(({ message, response, plainly }) => {
      if (message.method !== 'initialize') return plainly();
      const result = { protocolVersion: '2026-07-28', capabilities: {}, serverInfo: { name: 'x', version: '1' } };
      return response.writeHead(200, { 'content-type': 'application/json' }).end(replyTo(message, { result }));
    });
    await expect(field.add('odd-version', server.url)).rejects.toThrow(
      /answered initialize with MCP 2026-07-28; the hub speaks 2025-11-25, .* after initialize, and 2026-07-28 after server\/discover$/,
    );
  });

  test('may leave its tools out: they are found all the same', async () => {
    const server = await serve(({ message, response, plainly }) => {
      if (message.method !== 'initialize') return plainly();
      const result = { protocolVersion: '2025-06-18', serverInfo: { name: 'x', version: '1' } };
      return response.writeHead(200, { 'content-type': 'application/json' }).end(replyTo(message, { result }));
    });
    await field.add('undeclared', server.url);
    expect(await field.call('undeclared')).toBe('hi {"a":1}');
    expect((await field.logs('undeclared')).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('does not declare tools'),
    );
  });
});
