import type { Ctx } from '../context.ts';
import type { RunTeller } from '../runs/contract.ts';
import type { Plan } from './converse.ts';
import type { HeldRound } from './held-round.ts';

/** How a round that somebody watches asks its owner: before calls, and what servers want to know. */
export function askingOf(
  _ctx: Ctx,
  _round: HeldRound,
  _teller: RunTeller<'chat.round'>,
): Pick<Plan, 'approve' | 'askOf'> {
  return {};
}
