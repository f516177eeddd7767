import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCatalog, sameCatalog } from './catalog.ts';
import type { ListRequest } from './catalog.ts';
import { RpcError } from './rpc.ts';
import { catalogOf, tool } from './testing.ts';

const identity = {
  protocolVersion: '2025-11-25',
  supportedVersions: ['2025-11-25'],
  serverInfo: { name: 'paged' },
  capabilities: { tools: {}, prompts: {}, resources: {} },
  instructions: null,
};

/** Answers lists with these pages; the cursor is the number of the page. */
const paged =
  (pages: Record<string, unknown[][]>): ListRequest =>
  async (method, { cursor }) => {
    const at = Number(cursor ?? 0);
    const [key, list] = Object.entries(pages).find(([name]) => name === method) ?? [];
    if (key === undefined || list === undefined) throw new RpcError(-32601, `Method not found: ${method}`);
    const field = method === 'resources/templates/list' ? 'resourceTemplates' : (method.split('/')[0] ?? '');
    return { [field]: list[at] ?? [], ...(at + 1 < list.length ? { nextCursor: `${at + 1}` } : {}) };
  };

const read = (request: ListRequest, previous = null as ReturnType<typeof catalogOf> | null) => {
  const errors: string[] = [];
  return readCatalog(identity, request, previous, (method) => errors.push(method)).then((catalog) => ({
    catalog,
    errors,
  }));
};

describe('reading lists', () => {
  test('goes on to the last page, whatever the pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string(), { maxLength: 5 }), { minLength: 1, maxLength: 8 }),
        async (pages) => {
          const { catalog } = await read(paged({ 'tools/list': pages.map((names) => names.map(tool)) }));
          expect(catalog.tools.map(({ name }) => name)).toEqual(pages.flat());
        },
      ),
    );
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

  test('ends with a server that gives the same cursor again', async () => {
    const { catalog } = await read(async (method) =>
      method === 'tools/list' ? { tools: [tool('t')], nextCursor: 'x' } : {},
    );
    expect(catalog.tools).toHaveLength(2);
  });

  test('leaves out what is no object, and takes a result without a list for none', async () => {
    const { catalog } = await read(async (method) =>
      method === 'tools/list' ? { tools: [null, 1, 'x', [], tool('t')] } : { prompts: 'none' },
    );
    expect(catalog).toMatchObject({ tools: [tool('t')], prompts: [] });
  });

  test('takes a long page without running out of stack', async () => {
    const many = Array.from({ length: 200_000 }, () => tool('t'));
    const { catalog } = await read(async (method) => (method === 'tools/list' ? { tools: many } : {}));
    expect(catalog.tools).toHaveLength(200_000);
  });
});

test('a catalog is the same as one that says the same', () => {
  const catalog = catalogOf({ tools: [tool('a')] });
  expect(sameCatalog(catalog, structuredClone(catalog))).toBe(true);
  expect(sameCatalog(catalog, catalogOf())).toBe(false);
  expect(sameCatalog(null, catalog)).toBe(false);
});
