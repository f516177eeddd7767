import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exposureOf } from './exposure.ts';
import { mapNamed, mapRead } from './named-uris.ts';
import { resourceCandidates } from './reach.ts';
import { unmark } from './separate-uris.ts';
import { catalogOf, tool } from './testing.ts';
import type { Catalog, JsonObject, SelectedServer } from './types.ts';
import { compileView, sameList, type View } from './view.ts';

function resource(uri: string): JsonObject {
  return { uri, name: 'r' };
}
function template(uriTemplate: string): JsonObject {
  return { uriTemplate, name: 't' };
}
function app(name: string, uri: string): JsonObject {
  return {
    ...tool(name),
    _meta: { ui: { resourceUri: uri, visibility: ['model'] }, 'ui/resourceUri': uri, own: 1 },
  };
}

interface Given {
  catalogs: Record<string, Catalog>;
  prefixed?: boolean;
  more?: Record<string, Partial<SelectedServer>>;
}

function view({ catalogs, prefixed = true, more = {} }: Given, before?: View): View {
  const servers = Object.keys(catalogs).map((serverId) => ({ serverId, overrides: {}, ...more[serverId] }));
  const selection = { endpoint: 'all', title: 'All', prefixed, servers };
  return compileView(selection, (id) => catalogs[id] ?? null, before);
}
function listed(it: View, list: 'tools' | 'resources' | 'resourceTemplates'): JsonObject[] {
  return JSON.parse(it.json(list)) as JsonObject[];
}
function uris(it: View): unknown[] {
  return listed(it, 'resources').map(({ uri }) => uri);
}
function interfaces(it: View): unknown[] {
  return listed(it, 'tools').map(({ _meta: meta }) => [
    ((meta as JsonObject)['ui'] as JsonObject)['resourceUri'],
    (meta as JsonObject)['ui/resourceUri'],
  ]);
}
function ask(it: View, catalogs: Record<string, Catalog>, uri: string): unknown[] {
  return resourceCandidates(it, uri, null, (id) => catalogs[id] ?? null).map((found) => [found.serverId, found.uri]);
}

function weather(uri = 'ui://view.html'): Catalog {
  return catalogOf({ tools: [app('show', uri)], resources: [resource(uri), resource('m:1')] });
}

describe('interfaces of several servers', () => {
  test('keep their URIs while no two servers have one', () => {
    const catalogs = { a: weather('ui://a'), b: weather('ui://b') };
    const it = view({ catalogs });
    expect(it.apart).toBeNull();
    expect(uris(it)).toEqual(['ui://a', 'm:1', 'ui://b']);
    expect(ask(it, catalogs, 'ui://b')).toEqual([['b', 'ui://b']]);
  });

  test('with one URI are shown under the names of their servers, in every list, and lead back to them', () => {
    const catalogs = { a: weather(), b: weather() };
    const it = view({ catalogs });
    expect(uris(it)).toEqual(['ui://a+view.html', 'm:1', 'ui://b+view.html']);
    expect(interfaces(it)).toEqual([
      ['ui://a+view.html', 'ui://a+view.html'],
      ['ui://b+view.html', 'ui://b+view.html'],
    ]);
    expect(listed(it, 'tools')[0]).toMatchObject({ name: 'a__show', _meta: { own: 1, ui: { visibility: ['model'] } } });
    expect(ask(it, catalogs, 'ui://b+view.html')).toEqual([['b', 'ui://view.html']]);
    expect(it.duplicates()).toEqual([{ uri: 'm:1', serverId: 'b', listedBy: 'a' }]);
    expect(exposureOf(it).resources).toBe(3);
  });

  test('are kept apart where only tools name them', () => {
    function named(): Catalog {
      return catalogOf({ tools: [app('show', 'ui://v')] });
    }
    expect(interfaces(view({ catalogs: { a: named(), b: named() } }))[1]).toEqual(['ui://b+v', 'ui://b+v']);
    const one = { a: catalogOf({ resources: [] }), b: named() };
    expect(ask(view({ catalogs: one }), one, 'ui://v')).toEqual([['b', 'ui://v']]);
  });

  test('of one template are kept apart, and so is what is made of it', () => {
    function made(): Catalog {
      return catalogOf({ resourceTemplates: [template('ui://item/{id}')] });
    }
    const catalogs = { a: made(), b: made() };
    const it = view({ catalogs });
    expect(listed(it, 'resourceTemplates').map(({ uriTemplate }) => uriTemplate)).toEqual([
      'ui://a+item/{id}',
      'ui://b+item/{id}',
    ]);
    expect(it.apart?.shown('b', 'ui://item/7')).toBe('ui://b+item/7');
    expect(it.apart?.shown('b', 'ui://other/7')).toBe('ui://other/7');
    expect(ask(it, catalogs, 'ui://b+item/7')).toEqual([['b', 'ui://item/7']]);
  });

  test('that are listed stay as they are where they only fit a template that two servers have', () => {
    function made(uri: string): Catalog {
      return catalogOf({
        resources: [resource(uri)],
        resourceTemplates: [template('ui://item/{id}'), template('ui://it{em}')],
      });
    }
    const catalogs = { a: made('ui://item/1'), b: made('ui://item/2') };
    const it = view({ catalogs });
    expect(uris(it)).toEqual(['ui://item/1', 'ui://item/2']);
    expect(ask(it, catalogs, 'ui://item/2')).toEqual([
      ['b', 'ui://item/2'],
      ['a', 'ui://item/2'],
    ]);
    expect(it.apart?.shown('b', 'ui://item/2')).toBe('ui://item/2');
    expect(it.apart?.shown('a', 'ui://item/2')).toBe('ui://a+item/2');
    expect(it.apart?.shown('a', 'ui://is')).toBe('ui://is');
  });

  test('are kept apart in little time, however many there are', () => {
    function full(): Catalog {
      return catalogOf({
        tools: Array.from({ length: 5000 }, (_, n) => app(`t${n}`, `ui://tool/${n}`)),
        resources: Array.from({ length: 10_000 }, (_, n) => resource(`ui://${n}`)),
        resourceTemplates: Array.from({ length: 300 }, (_, n) => template(`ui://${n}/{a}/{+b}{c}{/d}`)),
      });
    }
    const begun = performance.now();
    const it = view({ catalogs: { a: full(), b: full() } });
    expect(it.json('tools').length + it.json('resources').length).toBeGreaterThan(1_000_000);
    const links = Array.from({ length: 50_000 }, (_, n) => ({ type: 'resource_link', uri: `ui://${n % 400}/${n}/x` }));
    const result = mapNamed({ content: links }, (uri) => it.apart?.shown('a', uri) ?? uri);
    expect((result['content'] as JsonObject[])[1]?.['uri']).toBe('ui://a+1/1/x');
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  test('stay as they are at the endpoint of one server', () => {
    const catalogs = { a: weather('ui://a+x') };
    const it = view({ catalogs, prefixed: false });
    expect(uris(it)).toEqual(['ui://a+x', 'm:1']);
    expect(ask(it, catalogs, 'ui://a+x')).toEqual([['a', 'ui://a+x']]);
  });

  test('cannot be taken over by a server that writes the name of another', () => {
    const catalogs = { evil: weather('ui://good+view.html'), good: weather(), other: weather() };
    const it = view({ catalogs });
    expect(uris(it)).toEqual(['ui://evil+good+view.html', 'm:1', 'ui://good+view.html', 'ui://other+view.html']);
    expect(ask(it, catalogs, 'ui://good+view.html')).toEqual([['good', 'ui://view.html']]);
    expect(ask(it, catalogs, 'ui://evil+good+view.html')).toEqual([['evil', 'ui://good+view.html']]);
  });

  test('that are switched off are neither shown nor read under any name', () => {
    const catalogs = { a: weather(), b: weather() };
    const off = { enabled: false, description: null };
    const overrides = { resource: { 'ui://view.html': off }, tool: { show: off } };
    const it = view({ catalogs, more: { b: { overrides } } });
    expect(uris(it)).toEqual(['ui://view.html', 'm:1']);
    expect(ask(it, catalogs, 'ui://b+view.html')).toEqual([]);
    expect(ask(it, catalogs, 'ui://gone+view.html')).not.toContainEqual(['gone', 'ui://view.html']);
  });

  test('are told as changed where another server comes with the same, though its own list is as it was', () => {
    const before = view({ catalogs: { a: weather('ui://v'), b: catalogOf() } });
    const lists = catalogOf({ resources: [resource('ui://v')] });
    const after = view({ catalogs: { a: weather('ui://v'), b: lists } });
    expect(sameList(before, after, 'tools')).toBe(false);
    expect(sameList(before, view({ catalogs: { a: weather('ui://v'), b: catalogOf() } }), 'tools')).toBe(true);
  });
});

describe('any URI', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 });
  const id = fc.oneof(fc.constantFrom('a', 'b', 'a+b', 'ä/ö', '%2B'), fc.string({ minLength: 1, maxLength: 10 }));

  test('leads back to its server, whoever has it', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(id, { minLength: 1, maxLength: 5 }),
        fc.array(fc.tuple(fc.nat(), text, fc.option(fc.nat(), { nil: null })), { maxLength: 8 }),
        (ids, claims) => {
          function at(place: number): string {
            return ids[place % ids.length] ?? '';
          }
          // Some of them carry the name of a server already.
          const given = claims.map(([place, rest, named]) => ({
            serverId: at(place),
            uri: `ui://${named === null ? '' : `${encodeURIComponent(at(named))}+`}${rest}`,
          }));
          function ofServer(serverId: string): Catalog {
            const own = new Set(given.flatMap((claim) => (claim.serverId === serverId ? [claim.uri] : [])));
            return catalogOf({ resources: [...own].map(resource) });
          }
          const catalogs = Object.fromEntries(ids.map((serverId) => [serverId, ofServer(serverId)]));
          const it = view({ catalogs });
          const shown = new Map<string, string>();
          for (const { serverId, uri } of given) {
            const exposed = it.apart?.shown(serverId, uri) ?? uri;
            expect(shown.get(exposed) ?? serverId).toBe(serverId);
            shown.set(exposed, serverId);
            expect(ask(it, catalogs, exposed)[0]).toEqual([serverId, uri]);
          }
          expect(new Set(uris(it))).toEqual(new Set(shown.keys()));
        },
      ),
    );
  });

  test('that is no name of a server is none', () => {
    fc.assert(
      fc.property(text, (rest) => {
        expect(unmark(`ui://${rest}`, () => false)).toBeNull();
        expect(unmark(rest.replace(/^ui/, ''), () => true)).toBeNull();
      }),
    );
    function has(serverId: string): boolean {
      return serverId === 'a b';
    }
    expect(unmark('ui://a%20b+x', has)).toEqual({ serverId: 'a b', uri: 'ui://x' });
    for (const odd of ['ui://a b+x', 'ui://a%20%62+x', 'ui://%E0%A4+x', 'ui://a%20b', 'UI://a%20b+x']) {
      expect(unmark(odd, has)).toBeNull();
    }
  });
});

describe('a result', () => {
  function shout(uri: string): string {
    return uri.toUpperCase();
  }

  test('has each URI mapped where one is named, and nothing else', () => {
    function meta(uri: string): JsonObject {
      return { ui: { resourceUri: uri }, 'ui/resourceUri': uri, other: 'x' };
    }
    function result(uri: string): JsonObject {
      return {
        content: [
          { type: 'resource_link', uri, name: 'x' },
          { type: 'resource', resource: { uri, text: 'x', _meta: meta(uri) }, _meta: meta(uri) },
          { type: 'text', text: 'x', uri: 'x' },
          null,
        ],
        messages: [{ role: 'user', content: { type: 'resource_link', uri } }],
        structuredContent: { uri: 'x', _meta: meta('x') },
        _meta: meta(uri),
      };
    }
    expect(mapNamed(result('a'), shout)).toEqual(result('A'));
    expect(mapNamed({ taskId: 'x', result: result('a') }, shout)).toEqual({ taskId: 'x', result: result('A') });
    expect(mapRead({ contents: [{ uri: 'a', text: 'x', _meta: meta('a') }] }, shout)).toEqual({
      contents: [{ uri: 'A', text: 'x', _meta: meta('A') }],
    });
  });

  test('that names nothing else is the same object', () => {
    fc.assert(
      fc.property(fc.object({ key: fc.constantFrom('content', '_meta', 'ui', 'uri', 'type', 'result') }), (value) => {
        const result = value as JsonObject;
        expect(mapNamed(result, (uri) => uri)).toBe(result);
        expect(mapRead(result, (uri) => uri)).toBe(result);
      }),
    );
  });
});
