import { useTranslation } from 'react-i18next';
import type { Problem } from './validate.ts';

/** Says in the page's language what is wrong with a field and what would be right. */
export function useProblemText() {
  const { t } = useTranslation();
  return (problem: Problem | undefined): string | null =>
    problem ? t(`schema.problem.${problem.code}`, { limit: problem.limit ?? '', count: Number(problem.limit) }) : null;
}
