import type { Ctx } from '../context.ts';
import { withNames } from './names.ts';
import type { AuditEntry } from './schema.ts';
import { calls, changes, newer, type Position, type Question, type Entries } from './trail.ts';

const chunkRows = 5_000;

/** One history from its newest entry on, in chunks; the next chunk is read while the present one is used. */
async function* chunksOf(
  read: (place: Position | null) => Promise<Entries>,
  signal: AbortSignal,
): AsyncGenerator<AuditEntry[]> {
  let ahead: Promise<Entries> | null = read(null);
  while (ahead) {
    const { entries, end }: Entries = await ahead;
    const last = entries.at(-1);
    const place: Position | null = end ?? (entries.length === chunkRows && last ? last : null);
    ahead = place && !signal.aborted ? read(place) : null;
    // A reader that stops never awaits this promise.
    ahead?.catch(() => undefined);
    if (entries.length > 0) yield entries;
  }
}

/** Takes entries of two histories in the order of the trail until one has none left; `isLast`: then those of the other. */
function merge(some: AuditEntry[], others: AuditEntry[], isLast: boolean): AuditEntry[] {
  const merged: AuditEntry[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [some[i], others[j]];
    if (!a || !b) break;
    const isFirst = newer(a, b) <= 0;
    merged.push(isFirst ? a : b);
    if (isFirst) i += 1;
    else j += 1;
  }
  if (isLast) merged.push(...some.slice(i), ...others.slice(j));
  some.splice(0, isLast ? some.length : i);
  others.splice(0, isLast ? others.length : j);
  return merged;
}

/** The whole trail in chunks, until its end or until nobody reads on: memory holds four chunks whatever its length. */
export async function* readWholeTrail(ctx: Ctx, question: Question): AsyncGenerator<AuditEntry[]> {
  if (question.empty) return;
  const sources = [changes, calls].map((read) => ({
    chunks: chunksOf((place) => read(ctx, question, place, chunkRows), ctx.signal),
    rows: [] as AuditEntry[],
    done: false,
  }));
  const [some, others] = sources;
  if (!some || !others) return;
  while (!ctx.signal.aborted) {
    for (const source of sources) {
      if (source.rows.length > 0 || source.done) continue;
      const next = await source.chunks.next();
      if (next.done) source.done = true;
      else source.rows = next.value;
    }
    const isLast = some.rows.length === 0 || others.rows.length === 0;
    const merged = merge(some.rows, others.rows, isLast);
    if (merged.length === 0) return;
    yield await withNames(ctx, merged);
  }
}
