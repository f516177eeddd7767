import { eq } from 'drizzle-orm';
import type { ToolDraft } from '@switchboard/agents/generation';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { requireIdle } from '../conversations/begin.ts';
import { registerGeneratedTool } from '../generated-tools/register.ts';
import { changeGeneratedTool } from '../generated-tools/verbs.ts';
import { draftedAt, subjectTool } from './drafted.ts';
import { incomplete } from './incomplete.ts';
import { requireGeneration } from './queries.ts';

const { generations } = tables;

/**
 * Registers the tool of what was said, disabled, under a name that is free; one that was made here before is changed, and
 * disabled until somebody reviews it again. Throws `precondition` where something is missing.
 */
export async function finishTool(
  ctx: Ctx,
  { id }: { id: string },
): Promise<{ id: string; name: string; isNew: boolean }> {
  const { conversation, generation } = await requireGeneration(ctx, id, 'tool', 'conversation.write');
  await requireIdle(ctx.db, id);
  const drafted = await draftedAt(ctx, generation, conversation.headId);
  if (drafted.type !== 'tool' || drafted.missing.length > 0) throw incomplete(drafted);
  const before = await subjectTool(ctx, generation);
  const tool = before ? await change(ctx, before.server.id, drafted.draft) : await register(ctx, drafted.draft);
  await ctx.db
    .update(generations)
    .set({ subjectId: tool.id, doneId: conversation.headId })
    .where(eq(generations.conversationId, id));
  return { id: tool.id, name: tool.name, isNew: before === null };
}

function register(ctx: Ctx, draft: ToolDraft) {
  const { folder_name: folderName, script_files: scriptFiles, readme, dependencies } = draft;
  return registerGeneratedTool(ctx, {
    folderName: folderName ?? '',
    scriptFiles,
    readme: readme ?? '',
    dependencies: dependencies ?? '',
    numbered: true,
  });
}

function change(ctx: Ctx, id: string, { script_files: files, readme, dependencies }: ToolDraft) {
  return changeGeneratedTool(ctx, { id, files, readme: readme ?? '', dependencies: dependencies ?? '' });
}
