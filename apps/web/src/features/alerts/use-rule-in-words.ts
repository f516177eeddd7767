import { useTranslation } from 'react-i18next';
import { alertKindFacts } from '@switchboard/core/alerts/schema';
import type { Outputs } from '../../lib/trpc.ts';

type Rule = Pick<
  Outputs['alerts']['rules'][number],
  'kind' | 'serverId' | 'threshold' | 'windowMinutes' | 'forMinutes' | 'quiet'
>;

/** What a rule looks at, as one line. */
export function useRuleInWords() {
  const { t } = useTranslation();
  return ({ kind, serverId, threshold, windowMinutes, forMinutes, quiet }: Rule): string => {
    const { threshold: bounds, hasWindow, ofServers } = alertKindFacts[kind];
    const parts = [
      t(`alerts.kinds.${kind}`),
      bounds && threshold !== null && t(`alerts.units.${bounds.unit}`, { value: threshold }),
      hasWindow && t('alerts.rule.within', { count: windowMinutes }),
      forMinutes > 0 && t('alerts.rule.lasting', { count: forMinutes }),
      ofServers && (serverId ?? t('alerts.rule.everyServer')),
      quiet && t('alerts.rule.quietFromTo', quiet),
    ];
    return parts.filter((part) => part !== false && part !== null).join(' · ');
  };
}
