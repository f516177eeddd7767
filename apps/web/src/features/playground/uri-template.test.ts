import { expect, it } from 'vitest';
import { expandTemplate, templateVariables } from './uri-template.ts';

it('lists the variables of a template once', () => {
  expect(templateVariables('a://{x}/{+path}{?q,x}')).toEqual(['x', 'path', 'q']);
});

it.each([
  ['file:///{+path}', { path: 'a/b c' }, 'file:///a/b%20c'],
  ['db://{table}/{id}', { table: 'a/b', id: 7 }, 'db://a%2Fb/7'],
  ['s://x{?q,lang}', { q: 'a&b', lang: 'en' }, 's://x?q=a%26b&lang=en'],
  ['s://x{/y}{?q}', {}, 's://x'],
])('expands %s', (template, values, uri) => {
  expect(expandTemplate(template, values)).toBe(uri);
});
