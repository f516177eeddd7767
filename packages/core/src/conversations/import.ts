import { tables } from '@switchboard/db';
import { userIdOf } from '../actor.ts';
import { requestHash } from '../journal/write.ts';
import { newId } from '../secrets.ts';
import { storable, storableJson } from '../storable.ts';
import { verb } from '../verb.ts';
import { assertRoom, requireSpoken } from './begin.ts';
import { inputOf, loadRounds, roundMessages, type AnswerOutput, type ResultOutput } from './messages.ts';
import { requireConversation, sightOf } from './queries.ts';
import type { ConversationRow } from './rows.ts';
import { ByConversation, ImportConversation } from './schema.ts';
import { loadTree } from './tree.ts';

const { agentRuns, agentSteps, conversations } = tables;

type Answer = ImportConversation['rounds'][number]['answers'][number];

function outputOf(message: Answer, turn: number, model: string): AnswerOutput | ResultOutput {
  if (message.role === 'tool') return { message, turn, detail: null };
  const { reasoning_content: thought, tool_calls: calls, ...said } = message;
  return {
    message: {
      ...said,
      ...(thought !== undefined && { reasoning_content: thought }),
      ...(calls && { tool_calls: calls }),
    },
    turn,
    model,
    ms: 0,
    finish: null,
  };
}

/** The steps of a round that somebody brings: what they cost is not counted again. */
function stepsOf(runId: string, answers: readonly Answer[], model: string, at: Date) {
  let turn = 0;
  return answers.map((message, index) => {
    if (message.role === 'assistant') turn += 1;
    const isTurn = message.role === 'assistant';
    return {
      runId,
      key: isTurn ? `chat/1/${turn}` : `chat/1/${turn}/${index}`,
      seq: index + 1,
      kind: isTurn ? ('turn' as const) : ('tool' as const),
      state: 'done' as const,
      requestHash: requestHash(index),
      output: storableJson({ ...outputOf(message, turn, model) }),
      usage: null,
      startedAt: at,
      endedAt: at,
    };
  });
}

/** Takes up a conversation that was exported, as the actor's own. */
export const importConversation = verb(
  { name: 'conversation.write', access: 'write', input: ImportConversation },
  async (ctx, { title, tags, rounds }): Promise<{ id: string }> => {
    const ownerId = userIdOf(ctx.actor);
    await assertRoom(ctx.db, { ownerId, space: '' });
    const id = newId();
    const now = ctx.clock.now();
    const ids = rounds.map(() => newId());
    const row: Omit<ConversationRow, 'groups' | 'makes'> = {
      id,
      ownerId,
      space: '',
      externalId: id,
      kind: 'chat',
      title: storable(title, 100),
      titledBy: title === '' ? 'nobody' : 'person',
      status: 'active',
      archived: false,
      tags: [...new Set(tags)],
      settings: {},
      visibility: 'private',
      headId: ids.at(-1) ?? null,
      rounds: rounds.length,
      tokensIn: 0,
      tokensOut: 0,
      cost: 0,
      createdAt: new Date(now),
      updatedAt: new Date(now),
    };
    await ctx.db.insert(conversations).values(row);
    for (const [at, { content, model, answers, createdAt }] of rounds.entries()) {
      // In the order of the export, whatever the times in it say.
      const begun = new Date(now - rounds.length + at);
      const runId = ids[at] ?? newId();
      await ctx.db.insert(agentRuns).values({
        id: runId,
        kind: 'chat',
        conversationId: id,
        parentId: ids[at - 1] ?? null,
        ownerId,
        state: 'done',
        snapshot: storableJson({ ...emptySettings, model, importedAt: createdAt ?? null }),
        input: storableJson({ content, attachments: [] }),
        model: storable(model, 256),
        createdAt: begun,
        endedAt: begun,
      });
      const steps = stepsOf(runId, answers, model, begun);
      if (steps.length > 0) await ctx.db.insert(agentSteps).values(steps);
    }
    ctx.audit({ id, details: { imported: rounds.length } });
    ctx.emit({ type: 'conversation.changed', id, sights: [sightOf({ ...row, groups: [], makes: null })] });
    return { id };
  },
);

const emptySettings = {
  fallback: null,
  systemPrompt: '',
  chosen: { servers: [], groups: [], tools: null },
  options: {},
  isWatched: true,
};

/** All of the branch that is shown, as `importConversation` takes it. */
export const exportConversation = verb(
  { name: 'conversation.read', access: 'read', input: ByConversation },
  async (ctx, { id }): Promise<ImportConversation> => {
    const row = requireSpoken(await requireConversation(ctx, id));
    const path = (await loadTree(ctx.db, id)).pathTo(row.headId);
    const rounds = await loadRounds(ctx.db, path);
    return {
      format: 'switchboard-conversation',
      version: 1,
      title: row.title,
      tags: row.tags,
      rounds: rounds.map(({ run, steps }) => ({
        content: inputOf(run).content,
        createdAt: run.createdAt.toISOString(),
        model: run.model,
        answers: roundMessages(steps).map(({ message }) => exported(message)),
      })),
    };
  },
);

function textOf(content: string | readonly { type: string; text?: string }[]): string {
  if (typeof content === 'string') return content;
  return content.map((part) => part.text ?? '[image]').join('\n');
}

function exported(message: AnswerOutput['message'] | ResultOutput['message']): Answer {
  if (message.role === 'tool') {
    return { role: 'tool', tool_call_id: message.tool_call_id, content: textOf(message.content) };
  }
  const { content, reasoning_content: thought, tool_calls: calls } = message;
  return {
    role: 'assistant',
    content,
    ...(thought !== undefined && { reasoning_content: thought }),
    ...(calls && {
      tool_calls: calls.map(({ id, function: spec }) => ({ id, type: 'function' as const, function: spec })),
    }),
  };
}
