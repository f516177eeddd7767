import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carryTrace, readTrace, traceIn } from './trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const good = `00-${traceId}-${spanId}-01`;

describe('a traceparent', () => {
  it('is read as W3C has it', () => {
    expect(readTrace(good)).toEqual({ traceId, spanId, isSampled: true, tracestate: null });
    expect(readTrace(`00-${traceId}-${spanId}-00`)?.isSampled).toBe(false);
    expect(readTrace(`00-${traceId}-${spanId}-fe`)?.isSampled).toBe(false);
    expect(readTrace(`00-${traceId}-${spanId}-03`)?.isSampled).toBe(true);
  });

  it('of a later version may say more after a dash', () => {
    expect(readTrace(`cc-${traceId}-${spanId}-01`)?.traceId).toBe(traceId);
    expect(readTrace(`cc-${traceId}-${spanId}-01-what-the-future-will-be-like`)?.traceId).toBe(traceId);
    expect(readTrace(`cc-${traceId}-${spanId}-01.what`)).toBeNull();
    expect(readTrace(`cc-${traceId}-${spanId}-01-${'x'.repeat(1_000)}`)).toBeNull();
  });

  it.each([
    undefined,
    null,
    7,
    {},
    [good],
    '',
    `${good} `,
    ` ${good}`,
    `${good}-`,
    `${good}\n`,
    good.toUpperCase(),
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `0-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-1`,
    `00_${traceId}_${spanId}_01`,
    `${good}, ${good}`,
  ])('that is none is none: %j', (text) => {
    expect(readTrace(text)).toBeNull();
  });

  it('never throws, and gives what it can be written as again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything(), fc.constant(good)), fc.anything(), (parent, state) => {
        const found = readTrace(parent, state);
        if (found === null) return;
        expect(found.traceId).toMatch(/^[0-9a-f]{32}$/);
        expect(found.spanId).toMatch(/^[0-9a-f]{16}$/);
      }),
    );
  });
});

describe('a tracestate', () => {
  function stateOf(state: unknown): string | null | undefined {
    return readTrace(good, state)?.tracestate;
  }

  it('is passed on as it is, without spaces and empty members', () => {
    expect(stateOf('rojo=00f067aa0ba902b7,congo=t61rcWkgMzE')).toBe('rojo=00f067aa0ba902b7,congo=t61rcWkgMzE');
    expect(stateOf(' a=1 ,, t@sys=x y ')).toBe('a=1,t@sys=x y');
  });

  it.each([undefined, 7, '', ',', 'a', 'A=1', 'a=b=c', 'a=\u0000', 'a=ü', 'a=1\r\nx: y', `a=${'x'.repeat(600)}`])(
    'that is none is left out, and the trace goes on: %j',
    (state) => {
      expect(readTrace(good, state)).toMatchObject({ traceId, tracestate: null });
    },
  );

  it('has at most 32 members', () => {
    const members = Array.from({ length: 33 }, (_, index) => `k${index}=1`);
    expect(stateOf(members.slice(0, 32).join(','))).not.toBeNull();
    expect(stateOf(members.join(','))).toBeNull();
  });

  it('takes no longer than it is long', () => {
    const begun = performance.now();
    for (let i = 0; i < 1_000; i += 1) {
      readTrace(good, `${' ,'.repeat(255)}=`);
      readTrace(`00-${'a'.repeat(1_000_000)}`, 'a='.repeat(1_000_000));
    }
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe('_meta', () => {
  it('names a trace, or none', () => {
    expect(traceIn({ traceparent: good, tracestate: 'a=1' })).toMatchObject({ traceId, tracestate: 'a=1' });
    expect(traceIn({ traceparent: { toString: () => good } })).toBeNull();
    expect(traceIn(undefined)).toBeNull();
  });

  it('carries a trace on beside whatever else it has, and what was given stays as it is', () => {
    const meta = { progressToken: 1, tracestate: 'old=1', traceparent: 'x' };
    const params: Record<string, unknown> = { name: 'a', _meta: meta };
    carryTrace(params, { traceparent: good, tracestate: null });
    expect(params).toEqual({ name: 'a', _meta: { progressToken: 1, traceparent: good } });
    expect(meta.traceparent).toBe('x');
    const bare: Record<string, unknown> = {};
    carryTrace(bare, { traceparent: good, tracestate: 'a=1' });
    expect(bare).toEqual({ _meta: { traceparent: good, tracestate: 'a=1' } });
    const odd: Record<string, unknown> = { _meta: 'text' };
    carryTrace(odd, { traceparent: good, tracestate: null });
    expect(odd).toEqual({ _meta: 'text' });
  });
});
