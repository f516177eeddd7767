import { useTranslation } from 'react-i18next';
import { alertKindFacts } from '@switchboard/core/alerts/schema';
import type { Outputs } from '../../lib/trpc.ts';

type Rule = Pick<
  Outputs['alerts']['rules'][number],
  'name' | 'kind' | 'serverId' | 'threshold' | 'windowMinutes' | 'forMinutes' | 'quiet'
>;

/** The name of a rule; that of one which came with the hub and was not renamed, in the reader's language. */
export function useRuleName() {
  const { t } = useTranslation();
  return ({ name, kind }: Pick<Rule, 'name' | 'kind'>): string =>
    name === alertKindFacts[kind].name ? t(`alerts.kinds.${kind}`) : name;
}

/** What a rule looks at besides its name, as one line. */
export function useRuleInWords() {
  const { t } = useTranslation();
  return ({ name, kind, serverId, threshold, windowMinutes, forMinutes, quiet }: Rule): string => {
    const { threshold: bounds, hasWindow, ofServers } = alertKindFacts[kind];
    const parts = [
      name !== alertKindFacts[kind].name && t(`alerts.kinds.${kind}`),
      bounds && threshold !== null && t(`alerts.units.${bounds.unit}`, { value: threshold, count: threshold }),
      hasWindow && t('alerts.rule.within', { count: windowMinutes }),
      forMinutes > 0 && t('alerts.rule.lasting', { count: forMinutes }),
      ofServers && (serverId ?? t('alerts.rule.everyServer')),
      quiet && t('alerts.rule.quietFromTo', quiet),
    ];
    return parts.filter((part) => part !== false && part !== null).join(' · ');
  };
}
