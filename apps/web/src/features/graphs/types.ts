/** The shapes of graphs, as they come over the wire. */
import type { Outputs } from '../../lib/trpc.ts';

export type GraphItem = Outputs['graphs']['list'][number];
export type GraphDetail = Outputs['graphs']['get'];
export type Checked = Outputs['graphs']['check'];
export type Problem = Checked['problems'][number];
export type RunItem = Outputs['graphs']['runs']['list'][number];
export type RunDetail = Outputs['graphs']['runs']['get'];
export type RunState = RunItem['state'];

type Yielded<T> = T extends AsyncIterable<infer Each> ? Each : never;

export type RunNews = Yielded<Outputs['graphs']['runs']['follow']>;
export type RunEnd = Extract<RunNews, { type: 'end' }>;
export type RunNode = RunDetail['nodes'][number];
