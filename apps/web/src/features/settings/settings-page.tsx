import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { saveAs } from '../../lib/files.ts';
import { bytes } from '../../lib/format.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { Card, Fact, Facts } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { Code } from '../../ui/text/code.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import { Elapsed } from '../../ui/text/time.tsx';
import { ConfigurationCard } from './configuration-card.tsx';

function list(values: readonly string[], none: string): string {
  return values.length === 0 ? none : values.join(', ');
}

function proxiesIn({ http, https }: { http: string | null; https: string | null }): string[] {
  return [...new Set([https, http])].filter((proxy) => proxy !== null);
}

function InstanceCard() {
  const { t, i18n } = useTranslation();
  const trpc = useTRPC();
  const { base } = useInstance();
  const info = useQuery(trpc.system.info.queryOptions());
  const overview = useQuery(trpc.system.overview.queryOptions());
  const [loadedAt] = useState(() => Date.now());
  if (!info.data)
    return (
      <Card title={t('settings.instance')} flush>
        <SkeletonRows rows={8} className="h-9" />
      </Card>
    );
  const { data } = info;
  return (
    <Card title={t('settings.instance')}>
      <Facts>
        <Fact name={t('settings.version')}>
          <span className="font-mono text-sm">{data.version}</span>{' '}
          <span className="text-ink-3">· Node {data.nodeVersion}</span>
        </Fact>
        <Fact name={t('settings.uptime')}>
          {overview.data ? <Elapsed since={loadedAt - overview.data.uptimeSeconds * 1000} /> : '–'}
        </Fact>
        <Fact name={t('settings.address')}>
          <CopyText text={base} />
        </Fact>
        <Fact name={t('settings.database')}>{t(`settings.databases.${data.database}`)}</Fact>
        <Fact name={t('settings.authMode')}>{t(`settings.authModes.${data.authMode}`)}</Fact>
        <Fact name={t('settings.registration')}>
          {data.allowRegistration ? t('settings.allowed') : t('settings.notAllowed')}
        </Fact>
        <Fact name={t('settings.privateUrls')}>
          {data.allowPrivateUrls ? t('settings.allowed') : t('settings.adminsOnly')}
        </Fact>
        {data.proxies !== null && (
          <Fact name={t('settings.proxies')}>
            {list(proxiesIn(data.proxies), t('settings.noProxies'))}
            {data.proxies.noProxy !== '' && (
              <p className="text-sm text-ink-3">{t('settings.noProxyFor', { hosts: data.proxies.noProxy })}</p>
            )}
          </Fact>
        )}
        <Fact name={t('settings.bodyLimit')}>{bytes(data.bodyLimit, i18n.language)}</Fact>
        <Fact name={t('settings.allowedHosts')}>{list(data.allowedHosts, t('settings.ownOnly'))}</Fact>
        <Fact name={t('settings.allowedOrigins')}>{list(data.allowedOrigins, t('settings.ownOnly'))}</Fact>
      </Facts>
      <p className="mt-4 text-sm text-ink-3">{t('settings.byEnvironment')}</p>
    </Card>
  );
}

function ChildEnvCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const variables = useQuery(trpc.system.info.queryOptions()).data?.childEnv;
  if (!variables) return null;
  return (
    <Card title={t('settings.childEnv')}>
      {variables.length === 0 && <p className="text-ink-2">{t('settings.childEnvNone')}</p>}
      <Facts>
        {variables.map(({ name, value }) => (
          <Fact key={name} name={<code className="font-mono text-sm">{name}</code>}>
            {value !== null && <code className="font-mono text-sm break-all">{value}</code>}
          </Fact>
        ))}
      </Facts>
      <p className="mt-4 text-sm text-ink-3">{t('settings.childEnvHint')}</p>
    </Card>
  );
}

function AccountCard() {
  const { t } = useTranslation();
  const { me } = useInstance();
  return (
    <Card title={t('settings.account')}>
      <Facts>
        <Fact name={t('common.username')}>{me?.user?.username}</Fact>
        <Fact name={t('common.role')}>{t(`role.${me?.user?.role ?? 'user'}`)}</Fact>
      </Facts>
      {me?.authMode !== 'open' && (
        <p className="mt-4">
          <Link to="/account" className={buttonClass('secondary')}>
            {t('common.account')}
          </Link>
        </p>
      )}
    </Card>
  );
}

function ExportCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const [wanted, setWanted] = useState(false);
  const config = useQuery(trpc.servers.exportConfig.queryOptions({}, { enabled: wanted, staleTime: 0 }));
  const text = config.data ? JSON.stringify(config.data, null, 2) : '';
  return (
    <Card title={t('settings.export')}>
      <p className="text-ink-2">{t('settings.exportHint')}</p>
      {config.isError && (
        <div className="mt-3">
          <Callout alert tone="bad" title={toFailure(config.error).message} />
        </div>
      )}
      {config.data && <Code className="mt-4" text={text} label={t('settings.export')} />}
      <div className="mt-4 flex flex-wrap gap-2">
        {!config.data && (
          <Button busy={wanted && config.isFetching} onClick={() => (wanted ? void config.refetch() : setWanted(true))}>
            {t('settings.showExport')}
          </Button>
        )}
        {config.data && (
          <Button icon={<Download aria-hidden className="size-4" />} onClick={() => saveAs('mcp-servers.json', text)}>
            {t('settings.download')}
          </Button>
        )}
      </div>
    </Card>
  );
}

export function SettingsPage({ jobs }: { jobs: ReactNode }) {
  const { t } = useTranslation();
  const { me } = useInstance();
  return (
    <Page title={t('common.settings')} lead={t('settings.lead')}>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          <InstanceCard />
          <ChildEnvCard />
        </div>
        <div className="flex flex-col gap-4">
          {me?.can.readConfig && <ConfigurationCard />}
          <AccountCard />
          <ExportCard />
          {me?.can.readJobs && jobs}
        </div>
      </div>
    </Page>
  );
}
