import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Choices } from '../../ui/form/choices.tsx';

interface GroupChoicesProps {
  value: readonly string[];
  onChange: (ids: string[]) => void;
  error: string | null;
}

/** The groups that an account is put into. */
export function GroupChoices({ value, onChange, error }: GroupChoicesProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const groups = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
  return (
    <Choices
      legend={t('common.groups')}
      none={t('common.noGroups')}
      value={value}
      onChange={onChange}
      error={error}
      options={(groups.data?.items ?? []).map((group) => ({
        value: group.id,
        label: group.displayName,
        text: `${group.displayName} ${group.id}`,
      }))}
    />
  );
}
