import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accounts, hasField } from '@switchboard/core/servers/schema';
import { tellReason } from '../../lib/reasons.ts';
import { fieldMessage, useTRPC, type Failure } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import type { Draft } from './server-draft.ts';

interface AccountFieldProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  failure: Failure | null;
}

/** The account of the machine that a process runs under. */
export function AccountField({ draft, onChange, failure }: AccountFieldProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { me } = useInstance();
  const reason = useQuery(trpc.system.info.queryOptions()).data?.noOwnAccounts ?? null;
  if (!hasField(draft.kind, 'account')) return null;
  const usual = reason === null ? 'own' : 'shared';
  const account = draft.account === 'default' ? usual : draft.account;
  return (
    <Field
      label={t('servers.runAs.label')}
      hint={
        reason === null
          ? t(`servers.runAs.hint.${account}`)
          : t('servers.runAs.unavailable', { reason: tellReason(reason, reason.text, t) })
      }
      error={fieldMessage(failure, 'account')}
    >
      <Select
        value={account}
        disabled={me?.can.runProcess !== true || (reason !== null && account === 'shared')}
        onChange={({ target }) =>
          onChange({ ...draft, account: accounts.find((each) => each === target.value) ?? 'default' })
        }
      >
        {accounts.map((each) => (
          <option key={each} value={each} disabled={each === 'own' && reason !== null}>
            {t(`servers.runAs.name.${each}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
