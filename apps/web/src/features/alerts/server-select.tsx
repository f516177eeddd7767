import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Select } from '../../ui/form/input.tsx';

/** Every server, or one; the empty string stands for every one. */
export function ServerSelect({ value, onChange }: { value: string; onChange: (serverId: string) => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 100 }));
  const ids = servers.data?.items.map(({ id }) => id) ?? [];
  const known = value === '' || ids.includes(value) ? ids : [value, ...ids];
  return (
    <Select value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{t('alerts.rule.everyServer')}</option>
      {known.map((id) => (
        <option key={id} value={id}>
          {id}
        </option>
      ))}
    </Select>
  );
}
