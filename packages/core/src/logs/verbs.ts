import { may, requireRight } from '../access/require.ts';
import { verb } from '../verb.ts';
import { matching } from './match.ts';
import { cursorOf, newer, placeOf } from './position.ts';
import { ListLog, logSources, type LogPage } from './schema.ts';
import { sources, spansOf } from './sources.ts';

/**
 * Lists log records, newest first: each source gives its newest records, and these are merged. A source that is named
 * takes its right; without a name the sources are those that the actor may read.
 */
export const listLog = verb(
  { name: 'monitoring.read', access: 'read', input: ListLog },
  async (ctx, input): Promise<LogPage> => {
    const { limit, cursor, ...filter } = input;
    const place = placeOf(cursor);
    const match = matching(filter, await spansOf(ctx, filter));
    for (const source of filter.source ?? []) requireRight(ctx, sources[source].needs);
    const asked = (filter.source ?? logSources).filter((source) => may(ctx, sources[source].needs));
    const question = { filter, match, place, limit: limit + 1 };
    const found = await Promise.all([...new Set(asked)].map((source) => sources[source].read(ctx, question)));
    const [end] = found.flatMap((one) => one.end ?? []).toSorted(newer);
    const merged = found.flatMap(({ placed }) => placed).toSorted((a, b) => newer(a.place, b.place));
    const looked = end ? merged.filter(({ place: at }) => newer(at, end) <= 0) : merged;
    const items = looked.slice(0, limit);
    const isStopped = looked.length <= limit && end !== undefined;
    const last = looked.length > limit ? items.at(-1)?.place : end;
    return {
      items: items.map(({ record }) => record),
      total: found.reduce((sum, { total }) => sum + total, 0),
      nextCursor: last ? cursorOf(last) : null,
      searchedTo: isStopped ? new Date(end.at) : null,
    };
  },
);
