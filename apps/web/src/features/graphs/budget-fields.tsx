import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { budgetKinds, isAmount, type BudgetDraft } from './run-budget.ts';

interface BudgetFieldsProps {
  draft: BudgetDraft;
  onChange: (draft: BudgetDraft) => void;
}

/** What a run may use before it stops. */
export function BudgetFields({ draft, onChange }: BudgetFieldsProps) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-3">
      <p className="text-xs text-ink-3">{t('graphs.budget.hint')}</p>
      <div className="grid grid-cols-2 gap-3">
        {budgetKinds.map((kind) => (
          <Field
            key={kind}
            label={t(`graphs.budget.${kind}`)}
            error={
              isAmount(kind, draft[kind])
                ? null
                : t(kind === 'cost' ? 'graphs.budget.noMoney' : 'graphs.budget.noWhole')
            }
          >
            <Input
              inputMode={kind === 'cost' ? 'decimal' : 'numeric'}
              value={draft[kind]}
              onChange={(event) => onChange({ ...draft, [kind]: event.target.value })}
            />
          </Field>
        ))}
      </div>
    </div>
  );
}
