import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../actor.ts';
import { makeDraft, makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { exportConfig } from './export.ts';
import { plainFields, plainNames } from './plain-fields.ts';
import { importConfig } from './transfer.ts';
import { createServer, getServer, listServers, removeServer, updateServer } from './verbs.ts';

let hub: TestCore;
let reader: Actor;
beforeAll(async () => {
  hub = await makeTestCore();
  reader = await hub.addUser('user');
});
afterAll(() => hub.close());
afterEach(async () => {
  for (const { id } of (await listServers(hub.ctx(), { limit: 100 })).items) await removeServer(hub.ctx(), { id });
});

function revisionOf(id: string) {
  return hub.runtime.specs.find((spec) => spec.id === id)?.revision;
}

describe('plain fields', () => {
  it('of a new server that says nothing are as usual, whatever its kind', async () => {
    await createServer(hub.ctx(), { ...makeDraft({ id: 'a' }), desired: undefined });
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'b' }));
    const usual = Object.fromEntries(plainNames.map((name) => [name, plainFields[name].usual]));
    for (const id of ['a', 'b']) expect(await getServer(hub.ctx(), { id })).toMatchObject(usual);
  });

  it('are stored and shown as they are given, to whoever sees the server', async () => {
    const given = {
      description: 'What it does.\nAnd how.',
      docsUrl: 'https://example.com/docs?page=1#start',
      tags: ['one', 'two', 'one'],
      visibility: 'everyone',
      recording: 'all',
      desired: 'stopped',
    } as const;
    const stored = { ...given, tags: ['one', 'two'] };
    expect(await createServer(hub.ctx(), makeDraft({ id: 'a', ...given, tags: [...given.tags] }))).toMatchObject(
      stored,
    );
    expect(await getServer(hub.ctx(reader), { id: 'a' })).toMatchObject({ ...stored, command: null });
  });

  it('change without a restart, and keep their value where nothing is said', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'a', docsUrl: 'https://example.com/' }));
    const before = revisionOf('a');
    const patch = { description: 'New', tags: ['x', 'x'] };
    expect(await updateServer(hub.ctx(), { id: 'a', patch })).toMatchObject({
      description: 'New',
      docsUrl: 'https://example.com/',
      tags: ['x'],
    });
    expect(await updateServer(hub.ctx(), { id: 'a', patch: { docsUrl: null } })).toMatchObject({ docsUrl: null });
    expect(revisionOf('a')).toBe(before);
  });
});

describe('the address of a documentation', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'ftp://example.com/x',
    'file:///etc/passwd',
    'example.com/docs',
    '/docs',
    'https://',
    'https://user:secret@example.com/',
    'https://example.com/a b',
    'java\nscript:alert(1)',
    'https://exa\nmple.com/',
    '',
    `https://example.com/${'a'.repeat(2_030)}`,
  ])('is none of the web that a link may lead to: %j', async (docsUrl) => {
    await expect(createServer(hub.ctx(), makeDraft({ id: 'a', docsUrl }))).rejects.toMatchObject({
      code: 'invalid',
      details: { field: 'docsUrl' },
    });
  });

  it.each(['http://example.com', 'https://例え.jp/手引き', `https://example.com/${'a'.repeat(2_028)}`])(
    'may be %j',
    async (docsUrl) => {
      expect(await createServer(hub.ctx(), makeDraft({ id: 'a', docsUrl }))).toMatchObject({ docsUrl });
    },
  );

  it('is carried by exports and imports, and refused there by the same rule', async () => {
    const docsUrl = 'https://example.com/docs';
    await createServer(hub.ctx(), makeDraft({ id: 'a', docsUrl, description: 'About', tags: ['t'] }));
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'b' }));
    const { mcpServers } = await exportConfig(hub.ctx(), {});
    expect(mcpServers['a']).toMatchObject({ docsUrl, description: 'About', tags: ['t'] });
    expect(mcpServers['b']).not.toHaveProperty('docsUrl');
    await removeServer(hub.ctx(), { id: 'a' });
    const text = JSON.stringify({
      mcpServers: { a: mcpServers['a'], odd: { command: 'x', docsUrl: 'javascript:alert(1)' } },
    });
    const { entries } = await importConfig(hub.ctx(), { text, apply: true });
    expect(entries).toMatchObject([
      { name: 'a', action: 'create', ignored: [] },
      { name: 'odd', action: 'error', reason: expect.stringMatching(/^docsUrl: must be an absolute http/) },
    ]);
    expect(await getServer(hub.ctx(), { id: 'a' })).toMatchObject({ docsUrl, description: 'About', tags: ['t'] });
  });
});
