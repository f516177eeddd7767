import { describe, expect, it } from 'vitest';
import { clients, isHosted, snippet, waysOf } from './snippets.ts';

const target = { name: 'switchboard', url: 'http://localhost:3000/mcp', key: 'sbk_abc' };

describe('snippet', () => {
  it.each(clients.filter((client) => waysOf(client).includes('key')))('carries address and key for %s', (client) => {
    const { text } = snippet(client, target);
    expect(text).toContain(target.url);
    expect(text).toContain(target.key);
  });

  it.each(clients)('says nothing of keys for %s where the hub asks for none', (client) => {
    const { text } = snippet(client, { ...target, key: null });
    expect(text).not.toMatch(/Authorization|SWITCHBOARD_KEY|Bearer/);
  });

  it.each(clients.filter((client) => snippet(client, target).file?.endsWith('.json')))('is JSON for %s', (client) => {
    expect(() => JSON.parse(snippet(client, target).text) as unknown).not.toThrow();
  });

  it.each(clients.filter(isHosted))('is the address alone for %s, which signs in', (client) => {
    expect(waysOf(client)).toEqual(['sign-in']);
    expect(snippet(client, target)).toEqual({ file: null, text: target.url });
  });

  it('quotes what a shell would read otherwise', () => {
    const { text } = snippet('claude-code', { ...target, name: "it's" });
    expect(text).toContain(String.raw`'it'\''s'`);
  });
});
