import { z } from 'zod';
import { graphRunStates } from '@switchboard/core/graphs/schema';

const text = z.string().max(200).optional().catch(undefined);

export const GraphsSearch = z.object({ q: text });

/** Which runs of a graph are shown. */
export const RunsSearch = z.object({ q: text, state: z.enum(graphRunStates).optional().catch(undefined) });

/** Which node of a graph or run is shown beside it. */
export const NodeSearch = z.object({ node: text });
