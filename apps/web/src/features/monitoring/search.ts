import { z } from 'zod';
import { timeRanges } from '@switchboard/core/monitoring/schema';

// A written address may hold digits only, which are read as a number.
const word = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);
const moment = z.int().positive().optional().catch(undefined);

/** When: until now, or where somebody drew over a chart from here to there (epoch milliseconds). */
export const TimeSearch = z.object({
  range: z.enum(timeRanges).optional().catch(undefined),
  from: moment,
  to: moment,
});
export type TimeSearch = z.infer<typeof TimeSearch>;

export const filterNames = ['server', 'tool', 'user', 'model'] as const;
export type FilterName = (typeof filterNames)[number];

/** What the address of the page may carry. */
export const MonitoringSearch = TimeSearch.extend({ server: word, tool: word, user: word, model: word });
export type MonitoringSearch = z.infer<typeof MonitoringSearch>;

export const usualRange = '1h';

/** When, as it is asked of the hub. */
export function timesOf({ range = usualRange, from, to }: TimeSearch) {
  if (from === undefined || to === undefined || from >= to) return { timeRange: range };
  return { timeRange: range, from: new Date(from), to: new Date(to) };
}

/** The one filter of the page, by which figures are counted. */
export function filterOf(search: MonitoringSearch): Partial<Record<FilterName, string>> {
  const name = filterNames.find((each) => search[each] !== undefined);
  const value = name && search[name];
  return name && value !== undefined ? { [name]: value } : {};
}
