import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { MarkdownView } from './markdown-view.tsx';

function html(text: string): string {
  return renderToStaticMarkup(<MarkdownView text={text} />).replaceAll(/ class="[^"]*"/g, '');
}
function addresses(text: string): string[] {
  return [...html(text).matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address ?? '');
}

it('shows HTML as text', () => {
  const text =
    '<script>alert(1)</script>\n\nA <img src=x onerror=alert(1)> <b>word</b>\n\n<div onclick="x()">\n\n<!-- no -->';
  const shown = html(text);
  expect(shown).not.toMatch(/<(?:script|img|b|!--)/);
  expect(shown).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(html('a<br>b')).toBe('<div><p>a<br/>b</p></div>');
});

it.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  '&#106;avascript:alert(1)',
  'data:text/html,<b>',
  'vbscript:x',
  'file:///etc/passwd',
  '/ui/settings',
  '//example.com',
  'blob:https://example.com/1',
])('makes no link of %j', (address) => {
  expect(addresses(`[a](${address}) [b](<${address}>)\n\n[c][d]\n\n[d]: <${address}>`)).toEqual([]);
});

it('links to the web and to mail, in another tab that learns nothing', () => {
  const text = '[a](https://example.com/?a=1&amp;b=2) <me@example.com> http://example.com/b';
  expect(addresses(text)).toEqual([
    'https://example.com/?a=1&amp;b=2',
    'mailto:me@example.com',
    'http://example.com/b',
  ]);
  const links = [...html(text).matchAll(/<a [^>]*>/g)].map(([link]) => link);
  expect(links).toHaveLength(3);
  for (const link of links) expect(link).toContain('target="_blank" rel="noopener noreferrer"');
});

it('loads no image from elsewhere', () => {
  expect(html('![a](https://example.com/a.png)')).not.toContain('<img');
  expect(addresses('![a](https://example.com/a.png)')).toEqual(['https://example.com/a.png']);
  expect(addresses('![a](data:image/svg+xml;base64,PHN2Zz4=) ![b](data:text/html;base64,AAAA)')).toEqual([]);
  expect(html('![a](data:image/png;base64,AAAA)')).toContain('<img src="data:image/png;base64,AAAA" alt="a"/>');
});

it('shows tables, tasks, lists, quotes and headings', () => {
  expect(html('| a | b |\n|--:|---|\n| 1 | `x` |')).toMatch(/<table.*<th>a<\/th>.*<td>1<\/td><td><code>x<\/code>/);
  const tasks = html('- [x] done\n- [ ] open');
  expect(tasks).toMatch(/checked="".*done.*type="checkbox".*open/);
  expect(html('3. a\n4. b')).toBe('<div><ol start="3"><li>a</li><li>b</li></ol></div>');
  expect(html('> a\n> - b')).toBe('<div><blockquote><p>a</p><ul><li>b</li></ul></blockquote></div>');
  expect(html('# A\n\n###### B')).toBe('<div><h3>A</h3><h6>B</h6></div>');
});

it('reads characters by name in text, and as they are in code', () => {
  expect(html('a &amp; &mdash; &#8364; &nosuch; \\*')).toBe('<div><p>a &amp; — € &amp;nosuch; *</p></div>');
  expect(html('`&amp;`')).toBe('<div><p><code>&amp;amp;</code></p></div>');
});

it('shows what is too long as it was written', () => {
  const text = '**a** '.repeat(60_000);
  expect(html(text)).toBe(`<p>${text}</p>`);
});
