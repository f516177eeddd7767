import { describe, expect, it } from 'vitest';
import { merge } from './merge.ts';

async function* every(ms: number, name: string, count: number): AsyncGenerator<string> {
  for (let index = 0; index < count; index += 1) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    yield `${name}${index}`;
  }
}

describe('reading several sources at once', () => {
  it('gives all of it, each source in its order', async () => {
    const seen = await Array.fromAsync(merge([every(1, 'a', 20), every(3, 'b', 5), every(0, 'c', 0)]));
    expect(seen.filter((text) => text.startsWith('a'))).toEqual(Array.from({ length: 20 }, (_, index) => `a${index}`));
    expect(seen.filter((text) => text.startsWith('b'))).toEqual(Array.from({ length: 5 }, (_, index) => `b${index}`));
    expect(seen).toHaveLength(25);
  });

  it('passes a failure on', async () => {
    const broken = (async function* (): AsyncGenerator<string> {
      yield 'x';
      throw new Error('broken');
    })();
    await expect(Array.fromAsync(merge([every(5, 'a', 3), broken]))).rejects.toThrow('broken');
  });

  it('ends its sources when the reader leaves', async () => {
    let ended = 0;
    async function* source(): AsyncGenerator<number> {
      try {
        for (;;) yield 1;
      } finally {
        ended += 1;
      }
    }
    for await (const _ of merge([source(), source()])) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(ended).toBe(2);
  });
});
