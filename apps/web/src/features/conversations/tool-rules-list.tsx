import { ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { NewToolRule } from './new-tool-rule.tsx';
import { ToolRuleRow } from './tool-rule-row.tsx';
import { rulesByServer, type NamedServer, type RulesOf } from './tool-rules.ts';
import { useToolRules } from './use-tool-rules.ts';

interface ToolRulesListProps {
  of: RulesOf;
  servers: readonly NamedServer[];
  /** Why the reader may not change them; null: it may. */
  refusal: string | null;
}

/** What models may do with tools, by server, and a form that says something more. */
export function ToolRulesList({ of, servers, refusal }: ToolRulesListProps) {
  const { t } = useTranslation();
  const { rules, say, isBusy } = useToolRules(of);
  if (rules.isError && !rules.data) {
    return (
      <LoadFailed
        title={t('conversations.rules.loadFailed')}
        error={rules.error}
        onRetry={() => void rules.refetch()}
      />
    );
  }
  if (!rules.data) return <SkeletonRows rows={3} />;
  return (
    <div className="flex flex-col gap-5">
      {refusal === null ? (
        <NewToolRule servers={servers} rules={rules.data} isBusy={isBusy} onSay={say} />
      ) : (
        <p className="text-sm text-ink-3">{refusal}</p>
      )}
      {rules.data.length === 0 && (
        <Empty icon={<ShieldCheck />} title={t('conversations.rules.none')}>
          {t('conversations.rules.noneHint')}
        </Empty>
      )}
      {rulesByServer(rules.data, servers).map(({ id, name, rules: said }) => (
        <section key={id} aria-label={name} className="overflow-hidden rounded-lg border border-line bg-surface">
          <h3 className="border-b border-line bg-sunken px-4 py-2 text-sm font-semibold break-words">{name}</h3>
          <ul>
            {said.map((rule) => (
              <ToolRuleRow
                key={rule.id}
                rule={rule}
                canChange={refusal === null}
                isBusy={isBusy}
                onSay={(verdict) => say(id, rule.tool, verdict)}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
