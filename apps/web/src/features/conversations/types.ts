/** The shapes of conversations, as they come over the wire. */
import type { Outputs } from '../../lib/trpc.ts';
import type { Round } from '../../ui/rounds/types.ts';

export type { Round };

export type Conversation = Outputs['conversations']['get'];
export type ConversationItem = Outputs['conversations']['list'][number];
export type Settings = Round['settings'];
export type Chosen = Settings['chosen'];
export type Attachment = Round['attachments'][number];
export type OfferedTool = Outputs['conversations']['tools'][number];
export type Preset = Outputs['conversations']['presets'][number];
export type Model = Outputs['models']['list'][number];
