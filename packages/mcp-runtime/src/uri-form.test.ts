import { describe, expect, test } from 'vitest';
import { resourceCandidates } from './reach.ts';
import { catalogOf } from './testing.ts';
import type { ItemType, SelectedServer } from './types.ts';
import { templateForm, uriForm } from './uri-form.ts';
import { compileView } from './view.ts';

describe('the form of a URI', () => {
  test.each([
    'ui://x',
    'ui://x#',
    'ui://x?',
    'ui://x#part',
    'ui://x?a=b',
    'UI://x',
    'ui://X',
    'ui://x/',
    'ui://x/.',
    'ui://x/a/..',
    'ui:////x/',
    'ui://%78',
    'u\ti://x ',
  ])('%s is that of ui://x', (uri) => {
    expect(uriForm(uri)).toBe(uriForm('ui://x'));
  });

  test.each([
    ['file:///etc/passwd', 'file://localhost/etc/passwd'],
    ['file:///etc/passwd', 'file:/etc/../etc//passwd'],
    ['file:///etc/passwd', 'file:\\\\\\etc\\passwd'],
    ['https://host/a', 'HTTPS://HOST:443/./a'],
    ['note://a/caf%C3%A9', 'note://a/cafe\u0301'],
  ])('%s is that of %s', (one, other) => {
    expect(uriForm(other)).toBe(uriForm(one));
  });

  test.each([
    ['ui://x', 'ui://y'],
    ['ui://x', 'vi://x'],
    ['file:///A', 'file:///a'],
    ['ui://x', 'ui://x/y'],
  ])('%s is not that of %s', (one, other) => {
    expect(uriForm(other)).not.toBe(uriForm(one));
  });

  test('of what is too long is none', () => {
    expect(uriForm(`ui://${'x'.repeat(9000)}`)).toBeNull();
  });

  test('of a template keeps its expressions', () => {
    expect(templateForm('UI://Item/{id}{?page}')).toBe('ui:item/{id}');
  });
});

describe('a resource that is switched off', () => {
  function off(type: ItemType, name: string): SelectedServer {
    return {
      serverId: 'a',
      overrides: { [type]: { [name]: { enabled: false, description: null } } },
    };
  }
  const catalog = catalogOf({
    resources: [{ uri: 'ui://x' }, { uri: 'ui://X/' }, { uri: 'ui://other' }],
    resourceTemplates: [{ uriTemplate: 'ui://item/{id}' }, { uriTemplate: '{+any}' }],
  });
  function reached(server: SelectedServer, uri: string): boolean {
    const view = compileView({ endpoint: 'a', title: 'A', prefixed: false, servers: [server] }, () => catalog);
    return resourceCandidates(view, uri, null, () => catalog).length > 0;
  }

  test.each(['ui://x', 'ui://x#', 'UI://x', 'ui://x/.', 'ui://%78', 'ui://x?'])('is not to be had as %s', (uri) => {
    expect(reached(off('resource', 'ui://x'), uri)).toBe(false);
  });

  test('leaves open what is listed by a name of its own, and everything else', () => {
    expect(reached(off('resource', 'ui://x'), 'ui://X/')).toBe(true);
    expect(reached(off('resource', 'ui://x'), 'ui://other')).toBe(true);
    expect(reached(off('resource', 'ui://x'), 'ui://unlisted')).toBe(true);
  });

  test.each(['ui://item/7', 'UI://item/7', 'ui://item/./7', 'ui://it%65m/7', 'ui://item/7#', 'ui://item/7?a'])(
    'by its template is not to be had as %s',
    (uri) => {
      expect(reached(off('template', 'ui://item/{id}'), uri)).toBe(false);
    },
  );

  test('by its template leaves other URIs open', () => {
    expect(reached(off('template', 'ui://item/{id}'), 'ui://thing/7')).toBe(true);
  });
});
