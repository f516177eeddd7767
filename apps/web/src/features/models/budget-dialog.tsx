import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../../lib/api-types.ts';
import { toFailure } from '../../lib/trpc.ts';
import { AccountField } from '../../ui/form/account-field.tsx';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { emptyBudget, measures, periods, readAmount, type Budget, type BudgetDraft } from './budget-draft.ts';
import { useBudgetActions } from './use-budget-actions.ts';

const nobody: ReadonlySet<string> = new Set();

interface PartProps {
  draft: BudgetDraft;
  onChange: (draft: BudgetDraft) => void;
}

/** Whose budget it is to be: of people only admins say it. */
function OfWhom({ draft, onChange, keys, ofPeople }: PartProps & { keys: readonly ApiKey[]; ofPeople: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {ofPeople && (
        <Segmented
          label={t('models.budgets.of')}
          value={draft.of}
          onChange={(of) => onChange({ ...draft, of })}
          options={[
            { value: 'user', label: t('models.budgets.ofUser') },
            { value: 'key', label: t('models.budgets.ofKey') },
          ]}
        />
      )}
      {draft.of === 'user' ? (
        <AccountField
          label={t('common.username')}
          value={draft.username}
          onChange={(username) => onChange({ ...draft, username })}
          without={nobody}
        />
      ) : (
        <Field label={t('models.budgets.ofKey')}>
          <Select value={draft.keyId} onChange={(event) => onChange({ ...draft, keyId: event.target.value })}>
            <option value="">{t('models.budgets.chooseKey')}</option>
            {keys.map(({ id, name, prefix, username }) => (
              <option key={id} value={id}>
                {`${name} (${prefix}…)${ofPeople ? ` · ${username}` : ''}`}
              </option>
            ))}
          </Select>
        </Field>
      )}
    </>
  );
}

function Bound({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap gap-x-6 gap-y-3">
      <Segmented
        label={t('models.budgets.period')}
        value={draft.period}
        onChange={(period) => onChange({ ...draft, period })}
        options={periods.map((value) => ({ value, label: t(`models.budgets.per.${value}`) }))}
      />
      <Segmented
        label={t('models.budgets.measure')}
        value={draft.measure}
        onChange={(measure) => onChange({ ...draft, measure })}
        options={measures.map((value) => ({ value, label: t(`models.budgets.in.${value}`) }))}
      />
    </div>
  );
}

function Most({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  const isWrong = draft.most.trim() !== '' && readAmount(draft.most, draft.measure) === null;
  return (
    <Field
      label={t(`models.budgets.most.${draft.measure}`)}
      hint={t(`models.budgets.mostHint.${draft.measure}`)}
      error={isWrong ? t(`models.budgets.mostWrong.${draft.measure}`) : null}
    >
      <Input
        inputMode="decimal"
        value={draft.most}
        onChange={(event) => onChange({ ...draft, most: event.target.value })}
      />
    </Field>
  );
}

interface NewBudgetProps {
  keys: readonly ApiKey[];
  ofPeople: boolean;
  onClose: () => void;
}

/** Says what a person or a key may use of models; what was said of the same before is replaced. */
export function NewBudget({ keys, ofPeople, onClose }: NewBudgetProps) {
  const { t } = useTranslation();
  const { save } = useBudgetActions();
  const [draft, setDraft] = useState(emptyBudget(ofPeople ? 'user' : 'key'));
  const isNamed = draft.of === 'user' ? draft.username.trim() !== '' : draft.keyId !== '';
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('models.budgets.add')}
      action={t('models.budgets.set')}
      busy={save.isPending}
      incomplete={!isNamed || readAmount(draft.most, draft.measure) === null}
      problem={save.error ? toFailure(save.error).message : null}
      onSubmit={() => save.mutate(draft, { onSuccess: onClose })}
    >
      <OfWhom draft={draft} onChange={setDraft} keys={keys} ofPeople={ofPeople} />
      <Bound draft={draft} onChange={setDraft} />
      <Most draft={draft} onChange={setDraft} />
    </FormDialog>
  );
}

/** Changes how much it is. */
export function ChangeBudget({ budget, name, onClose }: { budget: Budget; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { change } = useBudgetActions();
  const { period, measure } = budget;
  const [draft, setDraft] = useState({ ...emptyBudget('key'), period, measure, most: String(budget.most) });
  const most = readAmount(draft.most, measure);
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('models.budgets.changeOf', { name })}
      action={t('common.saveChanges')}
      busy={change.isPending}
      incomplete={most === null}
      problem={change.error ? toFailure(change.error).message : null}
      onSubmit={() => change.mutate({ budget, most }, { onSuccess: onClose })}
    >
      <Most draft={draft} onChange={setDraft} />
    </FormDialog>
  );
}
