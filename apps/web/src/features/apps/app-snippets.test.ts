import { expect, it } from 'vitest';
import { appSnippet, productUrl, tokenPlaceholder } from './app-snippets.ts';

const product = { category: 'Ticket', name: 'Jira' };
const url = productUrl('http://hub:3000', 'sim', product, 'abc');

it('names both doors', () => {
  expect(url).toBe('http://hub:3000/sim/Ticket/Jira?token=abc');
  expect(productUrl('http://hub:3000', 'bare', product, tokenPlaceholder)).toBe(
    'http://hub:3000/Ticket/Jira?token=YOUR_TOKEN',
  );
});

it('is a config of clients', () => {
  const text = appSnippet('mcp', url, 'Jira', { action: null, arguments: {} });
  expect(JSON.parse(text)).toEqual({ mcpServers: { Jira: { url } } });
});

it('quotes what a shell would read', () => {
  const text = appSnippet('curl', url, 'Jira', { action: 'comment', arguments: { text: "it's" } });
  expect(text).toContain(`"text": "it'\\''s"`);
});

it('writes values as Python has them', () => {
  const given = { ok: true, none: null, list: [1, false], deep: { a: 'b' }, empty: {} };
  const text = appSnippet('python', url, 'Jira', { action: 'x', arguments: given });
  expect(text).toContain('"ok": True,');
  expect(text).toContain('"none": None,');
  expect(text).toContain('"list": [1, False],');
  expect(text).toContain('"empty": {},');
});
