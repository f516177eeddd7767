import { describe, expect, test } from 'vitest';
import { streamFormFor } from './accept.ts';

describe('a stream is written', () => {
  test.each([
    [undefined, 'events'],
    ['', 'events'],
    ['*/*', 'events'],
    ['text/event-stream', 'events'],
    ['application/json, text/plain, */*', 'events'],
    ['Text/Event-Stream;q=0.5, application/json', 'events'],
    ['application/x-ndjson', 'lines'],
    ['application/json, application/x-ndjson;q=0.9', 'lines'],
    ['application/json', 'json'],
    ['application/json, text/event-stream;q=0', 'json'],
    ['text/html', 'json'],
  ] as const)('for %j as %s', (accept, form) => {
    expect(streamFormFor(accept)).toBe(form);
  });
});
