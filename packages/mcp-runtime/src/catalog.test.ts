import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCatalog, sameCatalog, tidyCatalog, type ListRequest } from './catalog.ts';
import { RpcError } from './rpc.ts';
import { catalogOf, tool } from './testing.ts';

const identity = {
  protocolVersion: '2025-11-25',
  supportedVersions: ['2025-11-25'],
  serverInfo: { name: 'paged', version: '1' },
  capabilities: { tools: {}, prompts: {}, resources: {} },
  instructions: null,
};

/** Answers lists with these pages; the cursor is the number of the page. */
function paged(pages: Record<string, unknown[][]>): ListRequest {
  return async (method, { cursor }) => {
    const at = Number(cursor ?? 0);
    const [key, list] = Object.entries(pages).find(([name]) => name === method) ?? [];
    if (key === undefined || list === undefined) throw new RpcError(-32601, `Method not found: ${method}`);
    const field = method === 'resources/templates/list' ? 'resourceTemplates' : (method.split('/')[0] ?? '');
    return { [field]: list[at] ?? [], ...(at + 1 < list.length ? { nextCursor: `${at + 1}` } : {}) };
  };
}

function read(request: ListRequest, previous = null as ReturnType<typeof catalogOf> | null) {
  const errors: string[] = [];
  return readCatalog(identity, request, previous, (method) => errors.push(method)).then((catalog) => ({
    catalog,
    errors,
  }));
}

describe('reading lists', () => {
  test('goes on to the last page, whatever the pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string({ minLength: 1 }), { maxLength: 5 }), { minLength: 1, maxLength: 8 }),
        async (pages) => {
          const { catalog } = await read(paged({ 'tools/list': pages.map((names) => names.map(tool)) }));
          expect(catalog.tools.map(({ name }) => name)).toEqual([...new Set(pages.flat())]);
        },
      ),
    );
  });

  test('ends where the pages never do, with a note', async () => {
    let asked = 0;
    const request: ListRequest = async (method) => {
      if (method !== 'tools/list') return { [method.split('/')[0] ?? '']: [], resourceTemplates: [] };
      asked += 1;
      return { tools: [tool(`t${asked}`)], nextCursor: `${asked}` };
    };
    const { catalog } = await read(request);
    expect(catalog.tools).toHaveLength(asked);
    expect(catalog.notes).toEqual([
      { type: 'tool', name: null, effect: 'left-out', reason: 'too-many-pages', detail: `${asked}` },
    ]);
  });

  test('asks only for what the server declares', async () => {
    const asked: string[] = [];
    const request: ListRequest = async (method) => {
      asked.push(method);
      return {};
    };
    await readCatalog({ ...identity, capabilities: { tools: {} } }, request, null, () => undefined);
    expect(asked).toEqual(['tools/list']);
  });

  test('keeps what was known of a list that fails, and says which', async () => {
    const request: ListRequest = async (method) => {
      if (method === 'tools/list') throw new Error('broken');
      return { prompts: [{ name: 'new' }] };
    };
    const { catalog, errors } = await read(request, catalogOf({ tools: [tool('old')], prompts: [{ name: 'old' }] }));
    expect(catalog).toMatchObject({ tools: [{ name: 'old' }], prompts: [{ name: 'new' }] });
    expect(errors).toEqual(['tools/list']);
  });

  test('keeps what was known where a later page fails', async () => {
    const request: ListRequest = async (method, { cursor }) => {
      if (cursor !== undefined) throw new Error('broken');
      return method === 'tools/list' ? { tools: [tool('half')], nextCursor: '1' } : {};
    };
    const { catalog } = await read(request, catalogOf({ tools: [tool('a'), tool('b')] }));
    expect(catalog.tools).toHaveLength(2);
  });

  test('takes a list that the server does not know after all for an empty one', async () => {
    const { catalog, errors } = await read(paged({ 'tools/list': [[]] }), catalogOf({ prompts: [{ name: 'old' }] }));
    expect(catalog.prompts).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('ends with a server that never stops paging', async () => {
    let pages = 0;
    const { catalog } = await read(async (method) =>
      method === 'tools/list' ? { tools: [tool(`t${pages}`)], nextCursor: `${++pages}` } : {},
    );
    expect(catalog.tools).toHaveLength(1000);
  });

  test.each(['x', ''])('ends with a server that gives the cursor "%s" again and again', async (nextCursor) => {
    let pages = 0;
    const { catalog } = await read(async (method) => {
      if (method !== 'tools/list') return {};
      return { tools: [tool(`t${++pages}`)], nextCursor };
    });
    expect(catalog.tools).toHaveLength(nextCursor === '' ? 1 : 2);
  });

  test('takes no more than a catalog may hold, and stops asking', async () => {
    let pages = 0;
    const { catalog } = await read(async (method) => {
      if (method !== 'tools/list') return { prompts: [] };
      pages += 1;
      const tools = Array.from({ length: 4000 }, (_, index) => tool(`${pages}-${index}`));
      return { tools, nextCursor: String(pages) };
    });
    expect(catalog.tools).toHaveLength(10_000);
    expect(pages).toBe(3);
    expect(catalog.notes).toContainEqual(
      expect.objectContaining({ effect: 'left-out', reason: 'too-many', detail: '10000' }),
    );
  });

  test('takes no more characters than a catalog may hold', async () => {
    function heavy(name: string) {
      return { ...tool(name), description: 'x'.repeat(200_000) };
    }
    const { catalog } = await read(async (method) =>
      method === 'tools/list' ? { tools: Array.from({ length: 200 }, (_, index) => heavy(`t${index}`)) } : {},
    );
    expect(catalog.tools.length).toBeGreaterThan(50);
    expect(catalog.tools.length).toBeLessThan(100);
    expect(catalog.notes).toContainEqual(expect.objectContaining({ reason: 'catalog-full' }));
  });

  test('takes a long page without running out of stack', async () => {
    const many = Array.from({ length: 200_000 }, () => tool('t'));
    const { catalog } = await read(async (method) => (method === 'tools/list' ? { tools: many } : {}));
    expect(catalog.tools).toHaveLength(1);
    expect(catalog.notes).toHaveLength(101);
    expect(catalog.notes).toContainEqual(expect.objectContaining({ reason: 'more', detail: '199902' }));
  });
});

describe('notes', () => {
  async function noted(lists: Record<string, unknown>) {
    const { catalog } = await read(async (method) => {
      if (method === 'resources/templates/list') return { resourceTemplates: lists['resourceTemplates'] ?? [] };
      const key = method.split('/')[0] ?? '';
      return { [key]: lists[key] ?? [] };
    });
    const told = catalog.notes?.map(({ type, name, effect, reason, detail }) => [type, name, effect, reason, detail]);
    return { catalog, told };
  }

  test('say what is left out, and why', async () => {
    const long = 'x'.repeat(513);
    let deep: unknown = {};
    for (let level = 0; level < 200; level += 1) deep = { deep };
    const { catalog, told } = await noted({
      tools: [null, 1, [], {}, { name: 5 }, tool(''), tool(long), tool('a'), tool('a'), { ...tool('deep'), deep }],
      resources: [{ uri: 7 }, { uri: `x:${'x'.repeat(9000)}` }],
    });
    expect(catalog.tools).toEqual([tool('a')]);
    expect(catalog.resources).toEqual([]);
    expect(told).toEqual([
      ['tool', null, 'left-out', 'not-an-object', null],
      ['tool', null, 'left-out', 'not-an-object', null],
      ['tool', null, 'left-out', 'not-an-object', null],
      ['tool', null, 'left-out', 'no-name', null],
      ['tool', null, 'left-out', 'no-name', null],
      ['tool', null, 'left-out', 'no-name', null],
      ['tool', long.slice(0, 512), 'left-out', 'long-name', null],
      ['tool', 'a', 'left-out', 'listed-twice', null],
      ['tool', 'deep', 'left-out', 'too-deep', null],
      ['resource', null, 'left-out', 'no-name', null],
      ['resource', `x:${'x'.repeat(510)}`, 'left-out', 'long-name', null],
    ]);
  });

  test.each([{ a: tool('a') }, 'none', 5])('say that %j is no list', async (tools) => {
    const { catalog, told } = await noted({ tools });
    expect(catalog.tools).toEqual([]);
    expect(told).toEqual([['server', null, 'left-out', 'no-list', 'tools/list']]);
  });

  test('say that null is no list', async () => {
    const { catalog } = await read(async (method) => (method === 'tools/list' ? { tools: null } : { prompts: [] }));
    expect(catalog.notes?.[0]).toMatchObject({ reason: 'no-list', detail: 'tools/list' });
  });

  test('go with the list that is kept where the next reading fails', async () => {
    const odd = [{ name: 'a', inputSchema: { type: 'string' } }, { name: 'b' }];
    const { catalog: first } = await noted({ tools: odd });
    const { catalog } = await read(async () => Promise.reject(new Error('broken')), first);
    expect(catalog).toMatchObject({ tools: first.tools, withheld: ['a'], notes: first.notes });
  });
});

describe('tools that are not declared', () => {
  function undeclared(request: ListRequest) {
    return readCatalog({ ...identity, capabilities: {} }, request, null, () => expect.unreachable());
  }

  test('are listed, declared and noted', async () => {
    const catalog = await undeclared(async () => ({ tools: [tool('a')] }));
    expect(catalog).toMatchObject({ tools: [tool('a')], capabilities: { tools: {} } });
    expect(catalog.notes).toEqual([
      { type: 'server', name: null, effect: 'changed', reason: 'undeclared', detail: 'tools' },
    ]);
  });

  test.each([
    ['refuses', () => Promise.reject(new RpcError(-32601, 'Method not found'))],
    ['fails', () => Promise.reject(new Error('broken'))],
    ['has none', async () => ({ tools: [] })],
    ['answers otherwise', async () => ({ tools: { a: tool('a') } })],
  ])('are no matter where the server %s', async (_what, request) => {
    const catalog = await undeclared(request);
    expect(catalog).toMatchObject({ tools: [], capabilities: {} });
    expect(catalog.notes).toBeUndefined();
  });

  test('have little time to come', async () => {
    const limits: unknown[] = [];
    await undeclared(async (_method, _params, limit) => {
      limits.push(limit);
      return {};
    });
    expect(limits).toEqual([{ timeoutMs: 2000 }]);
  });
});

describe('a catalog of an earlier run', () => {
  test('stays as it is where it is in order', async () => {
    const { catalog } = await read(async (method) =>
      method === 'tools/list'
        ? { tools: [tool('a'), { name: 'b', title: null }, { name: 'c', inputSchema: false }] }
        : { prompts: 5 },
    );
    expect(catalog.notes?.length).toBeGreaterThan(3);
    expect(tidyCatalog(structuredClone(catalog))).toEqual(catalog);
  });

  test('comes under the rules that it was not read by', () => {
    const stored = catalogOf({
      tools: [{ name: 'a', inputSchema: null }, { name: 'a' }, { name: 'b', inputSchema: 5 }],
    });
    expect(tidyCatalog(stored)).toMatchObject({
      tools: [{ name: 'a', inputSchema: { type: 'object' } }, { name: 'b' }],
      withheld: ['b'],
    });
  });
});

test('a catalog is the same as one that says the same', () => {
  const catalog = catalogOf({ tools: [tool('a')] });
  expect(sameCatalog(catalog, structuredClone(catalog))).toBe(true);
  expect(sameCatalog(catalog, catalogOf())).toBe(false);
  expect(sameCatalog(null, catalog)).toBe(false);
});
