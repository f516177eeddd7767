/** What models said and tools answered, as it comes over the wire. */
import type { Outputs } from '../../lib/trpc.ts';

type Yielded<T> = T extends AsyncIterable<infer Each> ? Each : never;

export type Round = Outputs['conversations']['get']['shown'][number];
export type News = Yielded<Outputs['conversations']['follow']>;

type Told<Type extends News['type']> = Extract<News, { type: Type }>;
export type Question = Told<'ask'>['question'];
export type Call = Told<'call'>['call'];
export type ShownTool = NonNullable<Told<'call'>['tool']>;
export type Answered = Told<'answer'>;
export type Used = Answered['used'];
export type CallResult = Pick<Told<'result'>, 'message' | 'detail'>;
export type RoundEnd = Told<'end'>;
