import type { z } from 'zod';
import { DomainError } from '@switchboard/core';
import type { CompactionDone } from '@switchboard/core/conversations';
import type {
  ChatMessage,
  Conversation,
  ConversationItem,
  RoundSettings,
  Used,
} from '@switchboard/core/conversations/schema';
import type { GraphRunDetail } from '@switchboard/core/graphs/schema';
import { say } from '@switchboard/core/reasons';
import type { Answer, ChatBody, ConversationDetail } from './chat-wire.ts';

/** The title of a conversation without one. */
export const untitled = '新对话';

/** Throws for a text that is blank. */
export function requireText(field: string, text: string): string {
  if (text.trim() !== '') return text;
  throw new DomainError('invalid', say('inField', { field, reason: say('titleEmpty') }));
}

/** The request; a blank prompt, then a blank model, are refused before anything is looked up. */
export function toChat(body: ChatBody): { content: string; settings: RoundSettings; stream: boolean } {
  const content = requireText('user_prompt', body.user_prompt);
  return {
    content,
    stream: body.stream,
    settings: {
      model: requireText('model_name', body.model_name),
      fallback: null,
      systemPrompt: body.system_prompt ?? '',
      chosen: { servers: body.mcp_servers, groups: [], tools: null },
      options: {},
    },
  };
}

export function toUsage({ tokensIn, tokensOut }: Pick<Used, 'tokensIn' | 'tokensOut'>) {
  return { total_tokens: tokensIn + tokensOut, prompt_tokens: tokensIn, completion_tokens: tokensOut };
}

/** The answer of a chat, while it arrives. */
export interface Collected {
  id: string;
  model: string;
  messages: ChatMessage[];
  finish: string;
  used: Pick<Used, 'tokensIn' | 'tokensOut'>;
}

export function toAnswer(body: ChatBody, { id, model, messages, finish, used }: Collected, now: number): Answer {
  const last = messages.findLast((message) => message.role === 'assistant');
  const system = body.system_prompt ?? '';
  return {
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    created: Math.floor(now / 1_000),
    model,
    messages: [
      ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content: body.user_prompt },
      ...messages.map((message) => ({ ...message })),
    ],
    output: last?.content ?? '',
    choices: [{ index: 0, message: { ...(last ?? { role: 'assistant', content: '' }) }, finish_reason: finish }],
    usage: toUsage(used),
  };
}

export function toStatistics(of: CompactionDone['statistics']) {
  return {
    original_rounds: of.originalRounds,
    original_messages: of.originalMessages,
    compacted_rounds: of.compactedRounds,
    compacted_messages: of.compactedMessages,
    compression_ratio: of.compressionRatio,
    tool_contents_summarized: of.toolContentsSummarized,
    original_tokens: of.originalTokens,
    compressed_tokens: of.compressedTokens,
    reduction_rate: of.reductionRate,
  };
}

/** Without an offset, as the document shows it. */
function toMoment(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, '');
}

function generationTypeOf({ kind, makes }: ConversationItem): z.infer<typeof ConversationDetail>['generation_type'] {
  if (kind === 'agent') return makes === 'tool' ? 'mcp' : 'graph';
  return kind === 'graph' ? 'graph_run' : 'chat';
}

export function toConversation(item: ConversationItem, userId: string) {
  return {
    _id: item.externalId,
    conversation_id: item.externalId,
    user_id: userId,
    type: item.kind,
    generation_type: generationTypeOf(item),
    title: item.title === '' ? untitled : item.title,
    created_at: toMoment(item.createdAt),
    updated_at: toMoment(item.updatedAt),
    round_count: item.rounds,
    total_token_usage: toUsage(item),
    status: item.status,
    tags: item.tags,
  };
}

export function toDetail(conversation: Conversation, userId: string): z.infer<typeof ConversationDetail> {
  return {
    ...toConversation(conversation, userId),
    rounds: conversation.shown.map(({ content, messages }, at) => ({
      round: at + 1,
      messages: [{ role: 'user', content }, ...messages.map(({ message }) => ({ ...message }))],
    })),
  };
}

/** A run of a graph: its input, then the messages of each node. */
export function toRunDetail(
  conversation: Conversation,
  run: GraphRunDetail,
  userId: string,
): z.infer<typeof ConversationDetail> {
  const nodes = new Map(run.config.nodes.map((node) => [node.name, node]));
  const given = run.inputs.map((content) => ({
    node_name: 'start',
    level: 0,
    messages: [{ role: 'user' as const, content }],
  }));
  const visited = run.nodes.map(({ node, level, prompt, said }) => ({
    node_name: node,
    level,
    output_enabled: nodes.get(node)?.output_enabled ?? true,
    mcp_servers: nodes.get(node)?.mcp_servers ?? [],
    messages: [...prompt, ...said.map(({ message }) => message)] as { role: 'assistant' }[],
  }));
  return {
    ...toConversation(conversation, userId),
    rounds: [...given, ...visited].map((round, at) => ({ round: at + 1, ...round })),
    graph_name: run.graph,
    input: run.input,
    execution_chain: run.executionChain,
    final_result: run.finalResult,
    global_outputs: run.globalOutputs,
    handoffs_status: run.handoffs,
    start_time: toMoment(run.createdAt),
    completed: run.state === 'done',
    graph_config: run.config,
  };
}
