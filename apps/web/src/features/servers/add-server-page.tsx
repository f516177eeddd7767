import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useInstance } from '../../lib/use-instance.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { Tabs } from '../../ui/layout/tabs.tsx';
import { NewServerForm } from './new-server-form.tsx';
import { PasteConfig } from './paste-config.tsx';

export function AddServerPage() {
  const { t } = useTranslation();
  const { from = 'form', image } = useSearch({ from: '/servers/new' });
  const navigate = useNavigate({ from: '/servers/new' });
  const { me } = useInstance();
  return (
    <Page
      title={t('servers.add')}
      lead={t('servers.addLead')}
      above={
        <Breadcrumb>
          <Link to="/servers">{t('common.servers')}</Link>
        </Breadcrumb>
      }
    >
      <div className="max-w-3xl">
        {me?.can.createServer === false && (
          <Callout tone="info" title={t('servers.doors.closed')}>
            {t('servers.doors.closedHint')}
          </Callout>
        )}
        {me?.can.createServer && (
          <Tabs
            label={t('servers.add')}
            value={from}
            onChange={(value) =>
              void navigate({ search: { from: value === 'config' ? 'config' : 'form' }, replace: true })
            }
            tabs={[
              { value: 'form', label: t('servers.fillIn'), content: <NewServerForm key={image} image={image} /> },
              { value: 'config', label: t('servers.pasteConfig'), content: <PasteConfig /> },
            ]}
          />
        )}
      </div>
    </Page>
  );
}
