import { afterEach, beforeEach, expect, it } from 'vitest';
import { sseResponse, type SseEvent } from './sse.ts';

const broken: unknown[] = [];
function note(error: unknown) {
  broken.push(error);
}
beforeEach(() => {
  broken.length = 0;
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
});

function later(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
}

it('writes events that come together, and ends', async () => {
  async function* events(): AsyncGenerator<SseEvent> {
    yield { data: 1 };
    yield { data: null, text: '[DONE]' };
  }
  const response = sseResponse(events(), new AbortController().signal);
  expect(await response.text()).toBe(': open\n\ndata: 1\n\ndata: [DONE]\n\n');
});

it.each(['a late event', 'a late end'])('takes %s of who is not read any more', async (late) => {
  const { promise, resolve } = Promise.withResolvers<IteratorResult<SseEvent>>();
  const events = {
    [Symbol.asyncIterator]: () => ({ next: () => promise }),
  };
  const reader = sseResponse(events, new AbortController().signal).body?.getReader();
  await reader?.read();
  await later();
  await reader?.cancel();
  resolve(late === 'a late end' ? { done: true, value: undefined } : { done: false, value: { data: 1 } });
  await later();
  expect(broken).toEqual([]);
});
