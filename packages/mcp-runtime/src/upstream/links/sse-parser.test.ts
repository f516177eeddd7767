import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventParser, type ServerSentEvent } from './sse-parser.ts';

function parse(chunks: readonly Buffer[], limit = 1_000_000) {
  const events: ServerSentEvent[] = [];
  const dropped: { bytes: number; head: string }[] = [];
  const parser = createEventParser({
    limit,
    event: (event) => events.push(event),
    oversize: ({ bytes, head }) => dropped.push({ bytes, head: head.toString() }),
  });
  for (const chunk of chunks) parser.push(chunk);
  return { events, dropped, lastEventId: parser.lastEventId(), retryMs: parser.retryMs() };
}

const lines = fc.array(
  fc.constantFrom(
    'data: {"a":1}',
    'data:新👋',
    'data',
    'data:  two spaces',
    'event: ping',
    'event:',
    'id: 7',
    'id',
    'id: a\0b',
    'retry: 250',
    'retry: soon',
    ': comment',
    'other: field',
    '',
    '',
  ),
  { maxLength: 30 },
);

describe('server-sent events', () => {
  it('are the same however the bytes are cut, and those of eventsource-parser', () => {
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(lines, ends, fc.array(fc.nat(500)), (parts, end, places) => {
        const text = parts.map((part) => part + end).join('');
        const bytes = Buffer.from(text);
        const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
        const chunks = [0, ...cuts].map((place, index) => bytes.subarray(place, cuts[index] ?? bytes.length));
        const expected: ServerSentEvent[] = [];
        // A carriage return at the very end may yet be half of a line end; a line feed tells the other parser it is not.
        const other = createParser({
          onEvent: ({ event, data }) => expected.push({ event: event || 'message', data }),
        });
        other.feed(end === '\r' ? text.replaceAll('\r', '\n') : text);
        expect(parse(chunks).events).toEqual(expected);
      }),
    );
  });

  it('keep the last id and the asked reconnection time, also of an event without data', () => {
    const found = parse([
      Buffer.from('\uFEFFid: 5\nretry: 250\ndata: \n\nid: 6\n\ndata: x\n\nid: 7\ndata: unfinished\n'),
    ]);
    expect(found).toMatchObject({ lastEventId: '6', retryMs: 250 });
    expect(found.events).toEqual([
      { event: 'message', data: '' },
      { event: 'message', data: 'x' },
    ]);
  });

  it('over the limit are dropped, on one line or on many, and the next one is whole', () => {
    const long = 'x'.repeat(500);
    const many = `data: ${'y'.repeat(60)}\n`.repeat(5);
    const source = Buffer.from(`data: {"id":1,${long}\n\n${many}\n: ${long}\ndata: ok\n\n`);
    const found = parse([source.subarray(0, 100), source.subarray(100)], 200);
    expect(found.events).toEqual([{ event: 'message', data: 'ok' }]);
    expect(found.dropped.map(({ head }) => head.slice(0, 8))).toEqual(['{"id":1,', 'yyyyyyyy']);
  });

  it('counts empty lines against the size of an event', () => {
    const { events, dropped } = parse([Buffer.from(`${'data:\n'.repeat(5_000)}\ndata: next\n\n`)], 1_000);
    expect(events).toEqual([{ event: 'message', data: 'next' }]);
    expect(dropped).toHaveLength(1);
  });
});
