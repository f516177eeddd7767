import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC, type Outputs } from '../../lib/trpc.ts';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Switch } from '../../ui/form/switch.tsx';
import { RemoveButton } from '../../ui/table/remove-button.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { Severity } from './severity.tsx';
import { useRuleInWords, useRuleName } from './use-rule-in-words.ts';

type Rule = Outputs['alerts']['rules'][number];

function useSettled() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  return {
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    onSettled: () => queryClient.invalidateQueries(trpc.alerts.pathFilter()),
  };
}

function RuleRow({ rule, onEdit }: { rule: Rule; onEdit: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const settled = useSettled();
  const inWords = useRuleInWords();
  const change = useMutation(trpc.alerts.changeRule.mutationOptions(settled));
  const remove = useMutation(trpc.alerts.removeRule.mutationOptions(settled));
  const name = useRuleName()(rule);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0">
      <Switch
        label={t('alerts.rule.enabledOf', { name })}
        checked={rule.enabled}
        disabled={change.isPending}
        onChange={(enabled) => change.mutate({ id: rule.id, enabled })}
      />
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium break-words">{name}</p>
        <p className="text-sm text-ink-3">{inWords(rule)}</p>
      </div>
      <Severity value={rule.severity} />
      <div className="flex items-center gap-1">
        <Button
          size="sm"
          icon={<Pencil aria-hidden className="size-3.5" />}
          aria-label={t('alerts.rule.editOf', { name })}
          onClick={onEdit}
        >
          {t('alerts.rule.edit')}
        </Button>
        {!rule.shipped && (
          <RemoveButton
            label={t('alerts.rule.removeOf', { name })}
            busy={remove.isPending}
            question={{
              title: t('alerts.rule.removeTitle', { name }),
              body: t('alerts.rule.removeBody'),
              action: t('alerts.rule.remove'),
            }}
            onRemove={() => remove.mutate({ id: rule.id })}
          />
        )}
      </div>
    </li>
  );
}

/** What the hub looks at, for who may say so. */
export function AlertRules() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const rules = useQuery(trpc.alerts.rules.queryOptions());
  const [edited, setEdited] = useState<Rule | 'new' | null>(null);
  if (rules.isError && !rules.data) {
    return (
      <div className="p-4">
        <LoadFailed title={t('alerts.loadFailed')} error={rules.error} onRetry={() => void rules.refetch()} />
      </div>
    );
  }
  if (!rules.data) return <SkeletonRows rows={6} className="h-16" />;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-3">
        <p className="max-w-2xl text-sm text-ink-3">{t('alerts.rule.lead')}</p>
        <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setEdited('new')}>
          {t('alerts.rule.add')}
        </Button>
      </div>
      <ul aria-label={t('alerts.tabs.rules')}>
        {rules.data.map((rule) => (
          <RuleRow key={rule.id} rule={rule} onEdit={() => setEdited(rule)} />
        ))}
      </ul>
      {edited !== null && <RuleDialog rule={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </>
  );
}
