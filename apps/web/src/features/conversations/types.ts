/** The shapes of conversations, as they come over the wire. */
import type { Outputs } from '../../lib/trpc.ts';

type Yielded<T> = T extends AsyncIterable<infer Each> ? Each : never;

export type Conversation = Outputs['conversations']['get'];
export type ConversationItem = Outputs['conversations']['list'][number];
export type Round = Conversation['shown'][number];
export type Settings = Round['settings'];
export type Chosen = Settings['chosen'];
export type Attachment = Round['attachments'][number];
export type OfferedTool = Outputs['conversations']['tools'][number];
export type Preset = Outputs['conversations']['presets'][number];
export type Model = Outputs['models']['list'][number];
export type News = Yielded<Outputs['conversations']['follow']>;

type Told<Type extends News['type']> = Extract<News, { type: Type }>;
export type Question = Told<'ask'>['question'];
export type Call = Told<'call'>['call'];
export type ShownTool = NonNullable<Told<'call'>['tool']>;
export type Answered = Told<'answer'>;
export type Used = Answered['used'];
export type CallResult = Pick<Told<'result'>, 'message' | 'detail'>;
export type RoundEnd = Told<'end'>;
