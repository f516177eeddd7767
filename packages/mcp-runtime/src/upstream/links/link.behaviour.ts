import { describe, expect, it } from 'vitest';
import type { LinkError } from '../link.ts';
import { messageLimit, type TestLink } from './testing.ts';

/**
 * The behaviour of every link, whatever it speaks. `open` starts a server of the fixtures and a link to it that answers
 * its questions.
 */
export function describeLink(name: string, open: () => Promise<TestLink>): void {
  describe(`a link over ${name}`, () => {
    it('carries a request and its reply as they are', async () => {
      await using test = await open();
      const params = { text: 'grüße 新 👋', nested: { deep: [1, null, { unknown: true }] }, lines: 'a\nb\r\nc\u2028' };
      expect(await test.request('echo', params)).toEqual({ jsonrpc: '2.0', id: 1, result: params });
    });

    it('carries many requests at once', async () => {
      await using test = await open();
      const replies = await Promise.all(
        Array.from({ length: 200 }, (_, number) => test.request('echo', { number, text: 'x'.repeat(number * 20) })),
      );
      expect(replies.map(({ result }) => result?.['number'])).toEqual(
        Array.from({ length: 200 }, (_, number) => number),
      );
    });

    it('passes errors and notifications on', async () => {
      await using test = await open();
      expect(await test.request('fail', { why: 1 })).toMatchObject({ error: { code: -32000, data: { why: 1 } } });
      expect(await test.request('notify', { progress: 1 })).toMatchObject({ result: { notified: true } });
      expect(test.seen.messages.map(({ message }) => message)).toContainEqual({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progress: 1 },
      });
    });

    it('carries a question of the server and its answer', async () => {
      await using test = await open();
      expect(await test.request('ask')).toMatchObject({ result: { answered: { roots: [] } } });
    });

    it('passes a reply with an id nobody asked for on', async () => {
      await using test = await open();
      void test.request('wrong-id').catch(() => {});
      await test.until(({ messages }) =>
        messages.some(({ message }) => 'id' in message && message.id === 'nobody asked'),
      );
      expect(await test.request('echo', { still: 'here' })).toMatchObject({ result: { still: 'here' } });
    });

    it('ends a call whose answer is too large, and nothing else', async () => {
      await using test = await open();
      const slow = test.request('late', { ms: 300 });
      const error = await test.request('big', { bytes: messageLimit + 1 }).catch((reason: LinkError) => reason);
      expect(error).toMatchObject({ code: 'too_large' });
      expect(await slow).toMatchObject({ result: { late: true } });
      expect(await test.request('big', { bytes: messageLimit - 1000 })).toMatchObject({ id: 3 });
      expect(test.seen.closed).toEqual([]);
    });

    it('says once that it is closed and refuses what comes later', async () => {
      const test = await open();
      await test.request('echo');
      await Promise.all([test.link.close({ graceMs: 500 }), test.link.close({ graceMs: 500 })]);
      expect(test.seen.closed).toEqual([null]);
      await expect(test.link.send({ jsonrpc: '2.0', id: 9, method: 'echo' })).rejects.toMatchObject({ code: 'closed' });
      await test.link.close({ graceMs: 500 });
      expect(test.seen.closed).toEqual([null]);
    });
  });
}
