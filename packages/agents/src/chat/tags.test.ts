import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attributesOf, decodeMarkup, encodeMarkup } from './markup.ts';
import { createTagScanner, type TagOptions, type TagEvent } from './tags.ts';

const names = ['title', 'tags', 'todo'];

/** What comes of a text in these pieces, with neighbouring text joined. */
function scan(pieces: readonly string[], options: TagOptions = {}): TagEvent[] {
  const scanner = createTagScanner(names, options);
  const joined: TagEvent[] = [];
  for (const event of [...pieces.flatMap((piece) => scanner.push(piece)), ...scanner.end()]) {
    const last = joined.at(-1);
    if (event.type === 'text' && last?.type === 'text') last.text += event.text;
    else joined.push({ ...event });
  }
  return joined;
}

function cut(text: string, places: readonly number[]): string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...ends, text.length].map((end, at) => text.slice(at === 0 ? 0 : ends[at - 1], end));
}

function tag(name: string, body: string, attributes: Record<string, string> = {}): TagEvent {
  return { type: 'tag', name, attributes: new Map(Object.entries(attributes)), body };
}

function broken(name: string | null, body: string): TagEvent {
  return { type: 'broken', name, attributes: new Map(), body };
}

function text(value: string): TagEvent {
  return { type: 'text', text: value };
}

describe('tags', () => {
  test.each<[string, string, TagEvent[]]>([
    ['known ones', 'a <title>T</title> b', [text('a '), tag('title', 'T'), text(' b')]],
    ['in any case, with white space', '<Title >T</TITLE\n>', [tag('title', 'T')]],
    ['empty ones', '<todo/><todo />', [tag('todo', ''), tag('todo', '')]],
    [
      'with attributes',
      '<todo a="1>2" b=\'&quot;\' c=d e>x</todo>',
      [tag('todo', 'x', { a: '1>2', b: '"', c: 'd', e: '' })],
    ],
    ['unknown ones are text', 'a <b>c</b> <!-- x --> <titles> a < b', [text('a <b>c</b> <!-- x --> <titles> a < b')]],
    ['bodies are raw', '<todo>if (a < b) <hi> & </nod> </tod</todo>', [tag('todo', 'if (a < b) <hi> & </nod> </tod')]],
    ['others in a body are text', '<title><tags>x</tags></title>', [tag('title', '<tags>x</tags>')]],
    ['a tag that another interrupts', '<title <title>T</title>', [text('<title '), tag('title', 'T')]],
    ['two at once', '<<title>T</title>', [text('<'), tag('title', 'T')]],
    ['a closing tag alone', 'x</title>', [text('x</title>')]],
    ['a body that is not closed', 'a <title>T</tit', [text('a '), broken('title', 'T</tit')]],
    [
      'a tag that is cut',
      'a <title x',
      [text('a '), { ...broken('title', ''), attributes: new Map([['x', '']]) } as TagEvent],
    ],
    ['a name that is cut', 'a <tit', [text('a '), broken(null, '<tit')]],
    ['an end that is no tag', 'a <', [text('a <')]],
  ])('%s', (_what, whole, expected) => {
    expect(scan([whole])).toEqual(expected);
    expect(scan(whole.split(''))).toEqual(expected);
  });

  test('a head or a body that is too long', () => {
    const bounds = { head: 10, body: 5 };
    expect(scan([`<title a="${'x'.repeat(20)}">T`], bounds)).toEqual([text(`<title a="${'x'.repeat(20)}">T`)]);
    expect(scan(['<title>123456</title> on'], bounds)).toEqual([broken('title', '12345'), text(' on')]);
    expect(scan(['<title>12345</title>'], bounds)).toEqual([tag('title', '12345')]);
  });

  test('that are not accepted are text, what is in them is not', () => {
    function accepts(_name: string, attributes: ReadonlyMap<string, string>) {
      return attributes.has('id');
    }
    const whole = '<title a="1"><todo id="2">x</todo></title>';
    const found = [text('<title a="1">'), tag('todo', 'x', { id: '2' }), text('</title>')];
    expect(scan([whole], { accepts })).toEqual(found);
    expect(scan(whole.split(''), { accepts })).toEqual(found);
  });

  test('come out the same however the text is cut, and nothing is lost', () => {
    const piece = fc.constantFrom(
      '<title>',
      '</title>',
      '<todo a="',
      '"',
      "'",
      '>',
      '<',
      '/',
      '</',
      '<to',
      'do',
      ' ',
      'a < b',
      '\n',
      '</analys',
      '😀',
      '=',
      '<title/>',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), fc.array(fc.nat(200), { maxLength: 12 }), (parts, places) => {
        const whole = parts.join('');
        const found = scan([whole]);
        expect(scan(cut(whole, places))).toEqual(found);
        expect(scan(whole.split(''))).toEqual(found);
        if (found.every(({ type }) => type === 'text')) expect(found).toEqual(whole === '' ? [] : [text(whole)]);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['beginnings', '<title '],
    ['names', '<tit'],
    ['open quotes', '<title a="'],
    ['halves of the end', '</titl'],
    ['ends with white space', '</title    '],
    ['angle brackets', '<'],
    ['tags', '<title/>'],
    ['attributes', '<title a=b c=d >x</title>'],
  ])('a lot of %s is read soon', (_what, part) => {
    const whole = part.repeat(500_000 / part.length);
    for (const start of ['', '<title>']) {
      const begun = process.cpuUsage();
      scan([start, whole]);
      scan([start, ...whole.split('')]);
      expect(process.cpuUsage(begun).user).toBeLessThan(10_000_000);
    }
  });
});

describe('markup', () => {
  test('what is encoded is read as it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('&', '<', '>', '"', "'", 'amp;', '#', '1', ';', ' ', '\n', 'x', '😀') }),
        (value) => {
          expect(decodeMarkup(encodeMarkup(value))).toBe(value);
          expect(attributesOf(` v="${encodeMarkup(value)}"`)).toEqual(new Map([['v', value]]));
        },
      ),
    );
  });

  test('entities that stand for nothing stay', () => {
    expect(decodeMarkup('&nbsp; &#65; &#x42; &#9999999; &; &lt')).toBe('&nbsp; A B &#9999999; &; &lt');
  });

  test('anything may stand in a tag', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('=', '"', "'", '/', ' ', 'a', '<', '&'), maxLength: 30 }),
        (head) => {
          for (const [name] of attributesOf(head)) expect(name).not.toBe('');
        },
      ),
    );
  });
});
