import { createHash, randomUUID } from 'node:crypto';

/** A source of numbers from 0 to below 1. */
export type Random = () => number;

/** Chance of one purpose: equal parts give equal numbers, whatever else was drawn. */
export function randomOf(...parts: readonly (string | number)[]): Random {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest();
  let a = hash.readUInt32LE(0);
  let b = hash.readUInt32LE(4);
  let c = hash.readUInt32LE(8);
  let counter = hash.readUInt32LE(12);
  // sfc32: small, fast, and good enough for made-up data.
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 4_294_967_296;
  };
}

/** A whole number from `least` to `most`. */
export function wholeOf(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** A seed for what has none. */
export function anySeed(): string {
  return randomUUID();
}

/** Seeded calls happen in this year, a minute or so apart. */
const seededStart = Date.UTC(2026, 0, 1);
const dayMs = 86_400_000;

/** The time of a seeded call, epoch milliseconds: it grows with the number of the call. */
export function seededTime(seed: string, number: number): number {
  const start = seededStart + wholeOf(randomOf(seed, 'day'), 0, 364) * dayMs;
  return start + number * 60_000 + wholeOf(randomOf(seed, 'second', number), 0, 59) * 1000;
}
