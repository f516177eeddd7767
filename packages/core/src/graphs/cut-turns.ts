import type { Ctx } from '../context.ts';
import type { Carried } from '../conversations/converse.ts';
import type { WriteRight } from '../journal/rows.ts';
import { writeStep } from '../journal/write.ts';
import type { Visit } from './events.ts';
import { cutKeyOf } from './visits.ts';

/**
 * Counts a turn of a visit that failed or was cut, and stores its use: the model is asked again, and the partial answer
 * is not kept.
 */
export async function keepCut(
  ctx: Ctx,
  hold: WriteRight,
  nextSeq: () => number,
  { at, carried }: { at: Visit; carried: Carried },
): Promise<void> {
  const cut = carried.countCut();
  if (!cut || cut.used.tokensIn + cut.used.tokensOut === 0) return;
  const seq = nextSeq();
  const endedAt = new Date(ctx.clock.now());
  const startedAt = new Date(endedAt.getTime() - cut.ms);
  const step = { key: cutKeyOf(at, seq), seq, kind: 'turn', state: 'cut', asked: cut.turn, output: null } as const;
  await writeStep(ctx.db, hold, { ...step, usage: { ...cut.used }, startedAt, endedAt });
}
