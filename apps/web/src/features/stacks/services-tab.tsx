import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { StackService } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { ContainerState } from '../../ui/feedback/container-state.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { Status } from '../../ui/feedback/status.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Time } from '../../ui/text/time.tsx';
import { ServiceButtons } from './service-buttons.tsx';
import { useStackPage } from './stack-context.ts';

type Updates = Map<string, { hasUpdate: boolean | null; message: string | null }>;

function ServiceRow({ service, updates }: { service: StackService; updates: Updates | null }) {
  const { t } = useTranslation();
  const { stack } = useStackPage();
  const update = updates?.get(service.name);
  const image = service.containers[0]?.image;
  const engine = stack.engine;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 border-b border-line px-4 py-3 last:border-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-3">
          <span className="font-medium">{service.name}</span>
          {service.containers.length === 0 && <Status shape="ring" tone="idle" label={t('stacks.notDeployed')} />}
          {update?.hasUpdate === true && <Status shape="diamond" tone="accent" label={t('stacks.newer')} />}
          {update?.hasUpdate === false && <Status shape="disc" tone="ok" label={t('stacks.newest')} />}
        </p>
        {image !== undefined && <p className="font-mono text-xs break-all text-ink-3">{image}</p>}
        {update?.hasUpdate === null && update.message !== null && (
          <p className="text-xs break-words text-ink-3">{update.message}</p>
        )}
        <ul className="mt-1 flex flex-col gap-0.5">
          {service.containers.map((container) => (
            <li key={container.id} className="flex flex-wrap items-center gap-x-3 text-sm">
              <Link
                to="/containers/$id"
                params={{ id: container.id }}
                search={{ engine }}
                className="truncate hover:underline"
              >
                {container.name}
              </Link>
              <ContainerState container={container} />
              <span className="text-ink-3">
                <Time value={container.startedAt} none="" />
              </span>
            </li>
          ))}
        </ul>
      </div>
      <ServiceButtons service={service} />
    </li>
  );
}

function UpdateButton({ query, there }: { query: { isFetching: boolean; refetch: () => unknown }; there: boolean }) {
  const { t } = useTranslation();
  return (
    <Button
      size="sm"
      busy={query.isFetching}
      disabled={!there}
      icon={<RefreshCw aria-hidden className="size-3.5" />}
      onClick={() => void query.refetch()}
    >
      {t('stacks.checkUpdates')}
    </Button>
  );
}

/** The services of the stack: how each is, and what may be done with it. */
export function ServicesTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { stack } = useStackPage();
  const updates = useQuery(trpc.stacks.updates.queryOptions({ id: stack.id }, { enabled: false, retry: false }));
  const byService = updates.data && new Map(updates.data.map((each) => [each.service, each]));
  const newer = updates.data?.filter(({ hasUpdate }) => hasUpdate === true).length ?? 0;
  return (
    <div className="flex flex-col gap-4">
      {stack.changedOnDisk && (
        <Callout tone="warn" title={t('stacks.changedOnDisk')}>
          {t('stacks.changedOnDiskHint')}
        </Callout>
      )}
      {stack.lastResult?.outcome === 'failed' && (
        <Callout tone="bad" title={t('stacks.lastFailed', { action: stack.lastResult.action })}>
          {stack.lastResult.message}
        </Callout>
      )}
      {updates.isError && (
        <Callout tone="bad" title={t('stacks.updatesFailed')}>
          {toFailure(updates.error).message}
        </Callout>
      )}
      {updates.data && (
        <Callout tone={newer > 0 ? 'info' : 'ok'} title={t('stacks.updatesFound', { count: newer })}>
          {newer > 0 ? t('stacks.updatesHint') : undefined}
        </Callout>
      )}
      <Card
        flush
        title={t('stacks.services')}
        actions={<UpdateButton query={updates} there={stack.services.length > 0} />}
      >
        {stack.services.length === 0 ? (
          <Empty
            title={t('stacks.noServices')}
            actions={
              <Link to="/stacks/$id/editor" params={{ id: stack.id }} className={buttonClass('secondary')}>
                {t('stacks.tab.editor')}
              </Link>
            }
          />
        ) : (
          <ul>
            {stack.services.map((service) => (
              <ServiceRow key={service.name} service={service} updates={byService ?? null} />
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}
