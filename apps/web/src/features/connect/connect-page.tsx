import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clients } from '../../lib/snippets.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { ConnectPanel } from './connect-panel.tsx';

export function ConnectPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const search = useSearch({ from: '/connect' });
  const navigate = useNavigate({ from: '/connect' });
  const [serverId, setServerId] = useState('');
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  const server = servers.data?.items.find((each) => each.id === serverId) ?? null;
  const client = clients.find((each) => each === search.client) ?? 'claude-code';
  return (
    <Page title={t('common.connect')} lead={t('connect.lead')}>
      <Card className="max-w-4xl">
        <Field
          label={t('connect.what')}
          {...(serverId === '' && { hint: t('connect.allHint') })}
          className="mb-5 max-w-md"
        >
          <Select value={serverId} onChange={(event) => setServerId(event.target.value)}>
            <option value="">{t('common.allServers')}</option>
            {servers.data?.items.map((each) => (
              <option key={each.id} value={each.id}>
                {t('connect.only', { name: each.name })}
              </option>
            ))}
          </Select>
        </Field>
        <ConnectPanel
          server={server}
          client={client}
          onClient={(next) => void navigate({ search: { client: next }, replace: true })}
        />
      </Card>
    </Page>
  );
}
