import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runtimeCredentialOf } from '../access/credential.ts';
import { makeCatalog, makeDraft, makeTestCore, type TestCore } from '../testing.ts';
import { listItems, setItem, setOthers } from './items.ts';
import { createServer } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore();
  await createServer(hub.ctx(), makeDraft());
  const resources = [{ uri: 'file:///a', name: 'A', 'x-unknown': 1 }];
  hub.runtime.tell({
    type: 'catalog',
    serverId: 'files',
    catalog: makeCatalog(['read', 'constructor'], { resources }),
  });
  hub.runtime.seedCatalog('files', makeCatalog(['read', 'constructor'], { resources }));
});
afterAll(() => hub.close());

describe('listItems', () => {
  it('shows the definitions with unknown fields kept', async () => {
    const items = await listItems(hub.ctx(), { id: 'files' });
    expect(items.tools.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['read', true],
      ['constructor', true],
    ]);
    expect(items.resources).toMatchObject([{ name: 'file:///a', title: 'A', definition: { 'x-unknown': 1 } }]);
    expect(items.notes).toEqual([]);
  });

  it('tells what was done about odd definitions, and others of no item that they do not see', async () => {
    const odd = { type: 'tool', effect: 'changed', reason: 'field', detail: 'title' } as const;
    const notes = [
      { ...odd, name: 'seen' },
      { ...odd, name: 'off' },
      { ...odd, name: null, effect: 'left-out', reason: 'no-name', detail: null } as const,
      { ...odd, type: 'server', name: null, detail: 'capabilities.tools' } as const,
    ];
    await createServer(hub.ctx(), makeDraft({ id: 'odd', visibility: 'everyone' }));
    hub.runtime.seedCatalog('odd', makeCatalog(['seen', 'off'], { notes }));
    await setItem(hub.ctx(), { id: 'odd', type: 'tool', name: 'off', enabled: false });
    expect((await listItems(hub.ctx(), { id: 'odd' })).notes).toEqual(notes);
    const user = await hub.addUser('user');
    expect((await listItems(hub.ctx(user), { id: 'odd' })).notes).toEqual([{ ...odd, name: 'seen' }]);
  });
});

describe('setOthers', () => {
  it('keeps off what comes later, and what is there as it is', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'kept' }));
    hub.runtime.seedCatalog('kept', makeCatalog(['a', 'b']));
    await setItem(hub.ctx(), { id: 'kept', type: 'tool', name: 'b', enabled: false });
    await setOthers(hub.ctx(), { id: 'kept', type: 'tool', enabled: false });
    hub.runtime.seedCatalog('kept', makeCatalog(['a', 'b', 'later']));
    async function shown() {
      const { tools, othersOff } = await listItems(hub.ctx(), { id: 'kept' });
      return { on: tools.filter(({ enabled }) => enabled).map(({ name }) => name), othersOff };
    }
    expect(await shown()).toEqual({ on: ['a'], othersOff: ['tool'] });
    expect(await setItem(hub.ctx(), { id: 'kept', type: 'tool', name: 'b', description: 'B' })).toMatchObject({
      enabled: false,
    });
    await setItem(hub.ctx(), { id: 'kept', type: 'tool', name: 'later', enabled: true });
    expect(await shown()).toEqual({ on: ['a', 'later'], othersOff: ['tool'] });
    await setOthers(hub.ctx(), { id: 'kept', type: 'tool', enabled: true });
    expect(await shown()).toEqual({ on: ['a', 'later'], othersOff: [] });
    const user = await hub.addUser('user');
    await expect(setOthers(hub.ctx(user), { id: 'kept', type: 'tool', enabled: false })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('setItem', () => {
  it('switches and describes, at once for who calls and after a restart', async () => {
    const off = await setItem(hub.ctx(), { id: 'files', type: 'tool', name: 'read', enabled: false });
    expect(off).toMatchObject({ enabled: false, description: 'Does read' });
    await setItem(hub.ctx(), { id: 'files', type: 'tool', name: 'constructor', description: 'Builds' });
    const selected = hub.core.select(runtimeCredentialOf(hub.admin), 'files')?.servers[0];
    expect(selected?.overrides.tool?.['read']).toEqual({ enabled: false, description: null });
    expect(selected?.overrides.tool?.['constructor']).toEqual({ enabled: true, description: 'Builds' });
    const { tools } = await listItems(hub.ctx(), { id: 'files' });
    expect(tools).toMatchObject([
      { enabled: false },
      { description: 'Builds', originalDescription: 'Does constructor' },
    ]);
  });

  it('keeps what is not given and takes a description back with null', async () => {
    const back = await setItem(hub.ctx(), { id: 'files', type: 'tool', name: 'constructor', description: null });
    expect(back).toMatchObject({ enabled: true, description: 'Does constructor' });
  });

  it('refuses what the server does not offer', async () => {
    const attempt = setItem(hub.ctx(), { id: 'files', type: 'prompt', name: 'read', enabled: false });
    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the catalog cache', () => {
  it('stores what a server told, NUL characters apart, and seeds the next start with it', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'cached' }));
    const catalog = makeCatalog(['x'], { instructions: 'nul \0 here' });
    hub.runtime.tell({ type: 'catalog', serverId: 'cached', catalog });
    hub.runtime.tell({ type: 'catalog', serverId: 'removed-meanwhile', catalog });
    await hub.core.stop();
    await hub.core.start();
    expect(hub.runtime.catalog('cached')).toMatchObject({ tools: [{ name: 'x' }], instructions: 'nul  here' });
  });
});
