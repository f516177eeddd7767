import { useTranslation } from 'react-i18next';
import { tellReason } from '../../lib/reasons.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import type { Problem } from './types.ts';
import type { Check } from './use-check.ts';

const mostShown = 20;

function Reasons({ of }: { of: readonly Problem[] }) {
  const { t } = useTranslation();
  return (
    <ul className="flex list-disc flex-col gap-0.5 pl-4">
      {of.slice(0, mostShown).map(({ why }, at) => (
        <li key={at}>{tellReason(why, why.text, t)}</li>
      ))}
      {of.length > mostShown && <li>{t('graphs.check.more', { count: of.length - mostShown })}</li>}
    </ul>
  );
}

/** What is wrong with a node, or with the whole graph where no node is named. */
export function ProblemList({ check, of }: { check: Check; of?: string }) {
  const { t } = useTranslation();
  function about({ node }: Problem): boolean {
    return of === undefined || node === of;
  }
  const problems = check.checked?.problems.filter(about) ?? [];
  const warnings = check.checked?.warnings.filter(about) ?? [];
  return (
    <>
      {of === undefined && check.failed !== null && (
        <Callout tone="bad" title={t('graphs.check.failed')}>
          {check.failed}
        </Callout>
      )}
      {problems.length > 0 && (
        <Callout tone="bad" title={t('graphs.check.problems', { count: problems.length })}>
          <Reasons of={problems} />
        </Callout>
      )}
      {warnings.length > 0 && (
        <Callout tone="warn" title={t('graphs.check.warnings', { count: warnings.length })}>
          <Reasons of={warnings} />
        </Callout>
      )}
    </>
  );
}
