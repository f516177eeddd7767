import { expect, it } from 'vitest';
import { mapReason, reasonOf, runtimeSentences, say, sayFrom, type Reason } from './reasons.ts';
import { RpcError } from './rpc.ts';
import { LinkError } from './upstream/link.ts';

it('tells a code with what it speaks of, in English too', () => {
  expect(say('exited', { code: 3 })).toEqual({
    code: 'exited',
    params: { code: 3 },
    text: 'The program ended with exit code 3.',
  });
  const nested = say('exitedSaying', { code: 1, reason: say('noRoute', { host: 'a.example' }) });
  expect(nested.text).toBe('The program ended with exit code 1: There is no route to a.example.');
});

it('takes what others wrote as it is', () => {
  const said = 'no $& luck {{code}} $1 {{reason}}';
  expect(say('exitedSaying', { code: 1, reason: said }).text).toBe(`The program ended with exit code 1: ${said}`);
});

it('begins a sentence with a capital where a reason stands first', () => {
  const proxy = say('theProxy', { proxy: 'p:3128' });
  expect(say('noConnection', { host: proxy }).text).toMatch(/^The proxy p:3128 does not answer/);
  expect(say('noRoute', { host: proxy }).text).toBe('There is no route to the proxy p:3128.');
  expect(say('noConnection', { host: 'http://a.example' }).text).toMatch(/^http:\/\/a\.example does/);
});

it('changes every text, at any depth', () => {
  const inner = say('exitedSaying', { code: 1, reason: 'key is hunter2hunter2' });
  const outer = say('notAvailable', { id: 's', reason: inner });
  const masked = mapReason(outer, (text) => text.replaceAll('hunter2hunter2', '***'));
  expect(JSON.stringify(masked)).not.toContain('hunter2');
  expect(masked.text).toBe('Server s is not available: The program ended with exit code 1: key is ***');
  expect(masked.params['id']).toBe('s');
});

it('is carried by errors of links and of JSON-RPC, whose message is its English', () => {
  const why = say('closed');
  for (const error of [new LinkError('closed', why), new RpcError(-32_000, why)]) {
    expect([error.message, reasonOf(error)]).toEqual([why.text, why]);
  }
  expect(reasonOf(new LinkError('closed', 'in words'))).toBeNull();
  expect(reasonOf(new Error('in words'))).toBeNull();
  expect(reasonOf('in words')).toBeNull();
});

it('does not compile without a parameter, and has none that no sentence shows', () => {
  const table = { one: 'a {{b}} c {{d}}', none: 'nothing' } as const;
  const own = sayFrom(table);
  // @ts-expect-error: d is missing
  const half: Reason = own('one', { b: 1 });
  expect(half.text).toBe('a 1 c ');
  // @ts-expect-error: no such code
  own('two');
  expect(own('none').params).toEqual({});
});

it('has no sentence twice', () => {
  const texts = Object.values(runtimeSentences);
  expect(new Set(texts).size).toBe(texts.length);
});
