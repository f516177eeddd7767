/** The shapes the page works with, as they come over the wire (dates are strings there). */
import type { Outputs } from './trpc.ts';

export type Server = Outputs['servers']['list']['items'][number];
export type ServerItems = Outputs['servers']['items'];
export type Item = ServerItems['tools'][number];
/** A tool, prompt, resource or template as far as calling it needs to know. */
export type Callable = Pick<Item, 'type' | 'name' | 'title' | 'description' | 'enabled' | 'definition'>;
/** Why something is as it is: a code, what it speaks of, and English. */
export type Reason = NonNullable<Server['status']['errorReason']>;
export type ProbeResult = Outputs['servers']['test'];
export type ImportResult = Outputs['servers']['importConfig'];
export type ImportEntry = ImportResult['entries'][number];
export type CallRecord = Outputs['calls']['list']['items'][number];
export type ApiKey = Outputs['keys']['list'][number];
export type Me = Outputs['auth']['me'];
export type User = Outputs['users']['get'];
export type SignedIn = Outputs['account']['sessions'][number];
export type Group = Outputs['groups']['get'];
export type Member = Outputs['groups']['members'][number];
export type GroupServer = Outputs['groups']['servers'][number];
export type GroupItem = Outputs['groups']['items'][number];
export type Exposure = Outputs['groups']['exposure'];
export type UserExplanation = Outputs['access']['explainUser'];
export type Explanation = UserExplanation['servers'][number];
export type AuditEntry = Outputs['audit']['list']['items'][number];
export type Overview = Outputs['system']['overview'];
export type LogLine = Outputs['servers']['logs']['lines'][number];
export type EngineSummary = Outputs['engines']['list'][number];
export type Container = Outputs['containers']['list']['items'][number];
export type ContainerDetails = Outputs['containers']['get'];
export type Image = Outputs['images']['list'][number];
export type Volume = Outputs['volumes']['list'][number];
export type Network = Outputs['networks']['list'][number];
export type Stack = Outputs['stacks']['list']['items'][number];
export type StackDetails = Outputs['stacks']['get'];
export type StackService = Stack['services'][number];
export type Version = Outputs['stacks']['versions']['versions'][number];
export type StackDiff = Outputs['stacks']['diff'];
export type StackCheck = Outputs['stacks']['check'];
export type Run = Outputs['images']['pull'];
export type { LiveEvent } from '@switchboard/api';
