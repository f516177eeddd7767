import type { Inputs, Outputs } from '../../lib/trpc.ts';

export type App = Outputs['apps']['get'];
/** An app in a list: its actions are names. */
export type ListedApp = Outputs['apps']['list'][number];
export type Action = App['actions'][number];
/** An action as the hub takes it. */
export type GivenAction = NonNullable<Inputs['apps']['create']['actions']>[number];
export type Answer = Action['answers'][number];
export type Fault = App['faults'][number];
export type Token = Outputs['apps']['tokens']['list'][number];
export type Prompt = Outputs['apps']['prompts']['list'][number];
export type LogEntry = Outputs['apps']['logs']['items'][number];
/** A call as it was recorded, or could be. */
export type RecordedCall = Outputs['apps']['pairs']['ofCalls']['pairs'][number];
export type Recording = Outputs['apps']['pairs']['list'][number];
export type Tried = Outputs['apps']['try'];
