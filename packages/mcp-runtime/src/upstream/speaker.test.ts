import { describe, expect, it } from 'vitest';
import { failSpeaking, hear, type Speaker } from './speaker.ts';

function speaker(serverId: string, fail: (error: unknown) => void = () => {}) {
  const failures: unknown[] = [];
  const made: Speaker = {
    serverId,
    fail: (error) => {
      failures.push(error);
      fail(error);
    },
  };
  return { ...made, failures };
}

describe('what a server says', () => {
  it('fails its own connection where the hub throws on it, and nobody is blamed afterwards', () => {
    const one = speaker('one');
    const error = new RangeError('too deep');
    hear(one, () => {
      throw error;
    });
    expect(one.failures).toEqual([error]);
    expect(failSpeaking(new Error('later'))).toBeNull();
  });

  it('blames the inner one of two, then the outer again', () => {
    const outer = speaker('outer');
    const inner = speaker('inner');
    hear(outer, () => {
      hear(inner, () => {
        throw new Error('inner');
      });
      throw new Error('outer');
    });
    expect(inner.failures).toHaveLength(1);
    expect(outer.failures).toEqual([new Error('outer')]);
  });

  it('is known to the last handler where failing the connection throws too', () => {
    let broken = true;
    const one = speaker('one', () => {
      if (broken) throw new Error('cannot fail');
    });
    function handle() {
      hear(one, () => {
        throw new Error('first');
      });
    }
    expect(handle).toThrow('cannot fail');
    broken = false;
    expect(failSpeaking(new Error('last'))).toBe('one');
    expect(one.failures).toHaveLength(2);
    expect(failSpeaking(new Error('again'))).toBeNull();
  });
});
