import type { Ctx } from '../context.ts';
import { takeTurn, type TurnRequest } from '../models/turns.ts';

/** What a model says in one turn without tools, as text. Throws ProviderError. */
export async function textOfTurn(
  ctx: Ctx,
  asked: Pick<TurnRequest, 'model' | 'messages' | 'parameters'>,
): Promise<string> {
  const { chunks } = await takeTurn(ctx, { ...asked, way: 'chat' });
  let text = '';
  for await (const { choices } of chunks) text += choices.find(({ index }) => index === 0)?.delta.content ?? '';
  return text;
}
