import type { RoundActions } from './round-actions.ts';
import { RoundView } from './round-view.tsx';
import type { Round } from './types.ts';

function nothing(): void {
  // Whoever only reads has no actions.
}
const noActions: RoundActions = { edit: nothing, again: nothing, select: nothing, goOn: nothing };

/** Rounds to be read as they are: nothing can be done with them, and a running one is not followed. */
export function ReadRounds({ rounds }: { rounds: readonly Round[] }) {
  return rounds.map((round) => (
    <RoundView key={round.id} round={round} isLast={false} canWrite={false} isBusy={false} actions={noActions} />
  ));
}
