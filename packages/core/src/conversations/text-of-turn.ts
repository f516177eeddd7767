import type { Ctx } from '../context.ts';
import { takeTurn, type TurnRequest } from '../models/turns.ts';

/** The text of one turn of a model without tools. Throws ProviderError. */
export async function textOfTurn(
  ctx: Ctx,
  asked: Pick<TurnRequest, 'model' | 'messages' | 'parameters'>,
): Promise<string> {
  const { chunks } = await takeTurn(ctx, { ...asked, way: 'chat' });
  let text = '';
  for await (const { choices } of chunks) text += choices.find(({ index }) => index === 0)?.delta.content ?? '';
  return text;
}
