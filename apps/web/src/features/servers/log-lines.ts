import type { LogLine } from '../../lib/api-types.ts';

const kept = 2000;

/** Joins lines from the first read and from the stream: each once, in order, the newest kept. */
export function mergeLines(old: readonly LogLine[], more: readonly LogLine[]): LogLine[] {
  const last = old.at(-1)?.seq ?? -1;
  const inOrder = more.every((line, index) => line.seq > (more[index - 1]?.seq ?? last));
  if (inOrder) return [...old, ...more].slice(-kept);
  const bySeq = new Map([...old, ...more].map((line) => [line.seq, line]));
  return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq).slice(-kept);
}
