import type { z } from 'zod';
import { DomainError } from '@switchboard/core';
import {
  compactConversation,
  findNamed,
  getConversation,
  listNamed,
  removeConversation,
  updateConversation,
  userNameOf,
} from '@switchboard/core/conversations';
import type { Conversation } from '@switchboard/core/conversations/schema';
import { getGeneration } from '@switchboard/core/generation';
import { lastGraphRun } from '@switchboard/core/graphs';
import { say } from '@switchboard/core/reasons';
import type { ApiContext } from '../../context.ts';
import type { RouteAnswers } from '../kit/problem.ts';
import { toConversation, toDetail, toRunDetail, toStatistics } from './chat-map.ts';
import {
  ByConversation,
  ByUser,
  CompactBody,
  CompactDone,
  ConversationDetail,
  ConversationList,
  RemoveDone,
  RemoveQuery,
  StatusBody,
  StatusDone,
  TagsBody,
  TagsDone,
  TitleBody,
  TitleDone,
} from './chat-wire.ts';
import { route } from './dialect.ts';
import { conversations as examples } from './examples.ts';

const absent: RouteAnswers = { not_found: { status: 404, message: '对话不存在' } };
const most = 200;

function pathsAt(end: string) {
  const path = `/chat/conversations/{conversation_id}${end}` as const;
  return { path, aliases: [`/api${path}`] } as const;
}

interface Named {
  conversation_id: string;
  user_id?: string | undefined;
}

function find(ctx: ApiContext, { conversation_id: conversation, user_id: userId }: Named): Promise<string> {
  return findNamed(ctx.core, { conversation, ...(userId !== undefined && { userId }) });
}

/** The user that is shown to a caller who names somebody, or nobody. */
function shownUser(ctx: ApiContext, userId?: string): string {
  const { actor } = ctx.core;
  return actor.type === 'local' && userId !== undefined ? userId : userNameOf(ctx.core);
}

export const list = route({
  method: 'GET',
  path: '/chat/conversations',
  aliases: ['/api/chat/conversations'],
  summary: 'List the conversations of the caller',
  description: 'The newest first, at most 200; those with the status `deleted` too.',
  verbs: [listNamed],
  errors: [401, 403, 422, 500],
  example: { response: examples.list },
})
  .input(ByUser)
  .output(ConversationList)
  .query(async ({ ctx, input: { user_id: userId } }) => {
    const items = await listNamed(ctx.core, userId === undefined ? {} : { userId });
    const conversations = items.map((item) => toConversation(item, shownUser(ctx, userId)));
    return { conversations, total_count: conversations.length };
  });

export const get = route({
  method: 'GET',
  ...pathsAt(''),
  summary: 'Show a conversation',
  description: 'On the branch that is shown; what was said last, 200 rounds at most.',
  verbs: [findNamed, getConversation, getGeneration, lastGraphRun],
  errors: [401, 403, 404, 500],
  answers: absent,
  example: { response: examples.one },
})
  .input(ByConversation)
  .output(ConversationDetail)
  .query(async ({ ctx, input }) => {
    const conversation = await getConversation(ctx.core, { id: await find(ctx, input), rounds: most });
    if (conversation.kind === 'graph') return graphDetail(ctx, conversation);
    const detail = toDetail(conversation, conversation.ownerId ?? 'default_user');
    if (conversation.kind !== 'agent') return detail;
    const { draft } = await getGeneration(ctx.core, { id: conversation.id });
    return { ...detail, parsed_results: { ...draft } };
  });

async function graphDetail(ctx: ApiContext, conversation: Conversation): Promise<z.infer<typeof ConversationDetail>> {
  const run = await lastGraphRun(ctx.core, { id: conversation.id });
  return toRunDetail(conversation, run, conversation.ownerId ?? 'default_user');
}

export const status = route({
  method: 'PUT',
  ...pathsAt('/status'),
  summary: 'Change the status of a conversation',
  verbs: [findNamed, updateConversation],
  errors: [401, 403, 404, 422, 500],
  answers: absent,
  example: { body: { status: 'active', user_id: 'default_user' }, response: examples.status },
})
  .input(StatusBody)
  .output(StatusDone)
  .mutation(async ({ ctx, input }) => {
    await updateConversation(ctx.core, { id: await find(ctx, input), patch: { status: input.status } });
    return { ...done('对话状态更新成功', input), new_status: input.status };
  });

export const remove = route({
  method: 'DELETE',
  ...pathsAt('/permanent'),
  summary: 'Delete a conversation for good',
  verbs: [findNamed, removeConversation],
  errors: [401, 403, 404, 500],
  answers: absent,
  example: { response: examples.removed },
})
  .input(RemoveQuery)
  .output(RemoveDone)
  .mutation(async ({ ctx, input }) => {
    await removeConversation(ctx.core, { id: await find(ctx, input) });
    return done(`对话 '${input.conversation_id}' 已永久删除`, input);
  });

export const title = route({
  method: 'PUT',
  ...pathsAt('/title'),
  summary: 'Rename a conversation',
  description: 'A title that is given stays; else a model makes one.',
  verbs: [findNamed, updateConversation],
  errors: [400, 401, 403, 404, 422, 500],
  answers: absent,
  example: { body: { title: '新标题', user_id: 'default_user' }, response: examples.title },
})
  .input(TitleBody)
  .output(TitleDone)
  .mutation(async ({ ctx, input }) => {
    const given = input.title.trim();
    if (given === '') {
      throw new DomainError('invalid', say('inField', { field: 'title', reason: say('titleEmpty') }));
    }
    await updateConversation(ctx.core, { id: await find(ctx, input), patch: { title: given } });
    return { ...done('对话标题更新成功', input), title: given };
  });

export const tags = route({
  method: 'PUT',
  ...pathsAt('/tags'),
  summary: 'Give a conversation tags',
  verbs: [findNamed, updateConversation],
  errors: [401, 403, 404, 422, 500],
  answers: absent,
  example: { body: { tags: ['标签1', '标签2'], user_id: 'default_user' }, response: examples.tags },
})
  .input(TagsBody)
  .output(TagsDone)
  .mutation(async ({ ctx, input }) => {
    const { tags: given } = await updateConversation(ctx.core, {
      id: await find(ctx, input),
      patch: { tags: input.tags },
    });
    return { ...done('对话标签更新成功', input), tags: given };
  });

export const compact = route({
  method: 'POST',
  ...pathsAt('/compact'),
  summary: 'Compact a conversation',
  description: 'What was said stays for readers; models are told the shorter form from then on.',
  verbs: [findNamed, compactConversation],
  alsoNeeds: { 'model.use': 'for the model that is named' },
  errors: [400, 401, 403, 404, 409, 422, 429, 500],
  answers: absent,
  example: {
    body: {
      model_name: 'gpt-4',
      compact_type: 'precise',
      compact_threshold: 2000,
      user_id: 'default_user',
    },
    response: examples.compacted,
  },
})
  .input(CompactBody)
  .output(CompactDone)
  .mutation(async ({ ctx, input }) => {
    const { model_name: model, compact_type: type, compact_threshold: threshold } = input;
    const id = await find(ctx, input);
    const { statistics } = await compactConversation(ctx.core, { id, model, type, threshold }).catch(badModel);
    return { ...done('对话压缩成功', input), compact_type: type, statistics: toStatistics(statistics) };
  });

/** An unknown model is a bad parameter here: only a conversation is not found. */
function badModel(error: unknown): never {
  const isAbsent = error instanceof DomainError && error.reason.code === 'noModel';
  throw isAbsent ? new DomainError('invalid', error.reason) : error;
}

function done(message: string, { conversation_id }: Named) {
  return { status: 'success' as const, message, conversation_id };
}
