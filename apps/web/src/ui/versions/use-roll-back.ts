import { useTranslation } from 'react-i18next';
import { toFailure } from '../../lib/trpc.ts';
import { useConfirm } from '../feedback/confirm.tsx';
import type { RollBack } from './version-history.tsx';

/** The change that makes something what it was in a version. */
interface Restoring<Input extends { number: number }> {
  mutate: (input: Input) => void;
  reset: () => void;
  isPending: boolean;
  error: unknown;
  variables: Input | undefined;
}

/** Goes back to a version once the question is answered. */
export function useRollBack<Input extends { number: number }>(
  restore: Restoring<Input>,
  question: (number: number) => { title: string; body: string; input: Input },
): RollBack {
  const { t } = useTranslation();
  const confirm = useConfirm();
  async function ask(number: number) {
    restore.reset();
    const { title, body, input } = question(number);
    const yes = await confirm({ title, body, action: t('versions.rollBack'), danger: false });
    if (yes) restore.mutate(input);
  }
  const { error, variables } = restore;
  const failure = error !== null && variables ? { number: variables.number, message: toFailure(error).message } : null;
  return { ask, busy: restore.isPending, failure };
}
