import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContainerDetails } from '../../lib/api-types.ts';
import { shortId } from '../../lib/container-state.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { bytes, count } from '../../lib/format.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Card, Fact, Facts } from '../../ui/layout/card.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import { Elapsed, Time } from '../../ui/text/time.tsx';
import { useContainer } from './container-context.ts';
import { EnvironmentCard, LabelsCard } from './variables-cards.tsx';

const none = <span className="text-ink-3">–</span>;

function Mono({ children }: { children: ReactNode }) {
  return <code className="font-mono text-sm break-all">{children}</code>;
}

function Trouble({ container }: { container: ContainerDetails }) {
  const { t } = useTranslation();
  const { error, outOfMemory, exitCode, status } = container;
  if (error !== '')
    return (
      <Callout tone="bad" title={t('containers.startFailed')}>
        {error}
      </Callout>
    );
  if (outOfMemory && status !== 'running') {
    return (
      <Callout tone="bad" title={t('containers.wasOutOfMemory')}>
        {t('containers.outOfMemoryHint')}
      </Callout>
    );
  }
  if (status !== 'exited' || exitCode === null || exitCode === 0) return null;
  return (
    <Callout tone="warn" title={t('containers.exitedWith', { code: exitCode })}>
      {t('containers.exitedHint')}
    </Callout>
  );
}

function About({ container }: { container: ContainerDetails }) {
  const { t, i18n } = useTranslation();
  const engine = useEngineName();
  const { image, imageId, command, entrypoint, user, restartPolicy, restartCount, limits, project, service } =
    container;
  const words = [...entrypoint, ...command].join(' ');
  return (
    <Card title={t('containers.about')}>
      <Facts>
        <Fact name={t('container.image')}>
          <Mono>{image.startsWith('sha256:') ? shortId(image) : image}</Mono>{' '}
          <span className="font-mono text-xs text-ink-3">{shortId(imageId)}</span>
        </Fact>
        <Fact name={t('containers.command')}>{words === '' ? none : <Mono>{words}</Mono>}</Fact>
        <Fact name={t('containers.user')}>{user === '' ? t('containers.rootUser') : <Mono>{user}</Mono>}</Fact>
        <Fact name={t('containers.restartPolicy')}>
          {restartPolicy}
          {restartCount > 0 && (
            <span className="text-ink-3"> · {t('containers.restarts', { count: restartCount })}</span>
          )}
        </Fact>
        <Fact name={t('containers.limits')}>
          <span className="flex flex-wrap gap-1">
            {limits.cpus !== undefined && <Badge>{t('containers.cpusOf', { count: limits.cpus })}</Badge>}
            {limits.memoryBytes !== undefined && <Badge>{bytes(limits.memoryBytes, i18n.language)}</Badge>}
            {limits.pids !== undefined && (
              <Badge>{t('containers.pidsOf', { count: limits.pids, shown: count(limits.pids, i18n.language) })}</Badge>
            )}
            {Object.keys(limits).length === 0 && <span className="text-ink-3">{t('containers.noLimits')}</span>}
          </span>
        </Fact>
        <Fact name={t('common.stack')}>
          {project === null ? (
            none
          ) : (
            <Link to="/containers" search={{ engine, stack: project }} className="hover:underline">
              {project}
              {service !== null && <span className="text-ink-3"> / {service}</span>}
            </Link>
          )}
        </Fact>
        <Fact name={t('common.owner')}>{container.ownerName ?? none}</Fact>
      </Facts>
    </Card>
  );
}

function How({ container }: { container: ContainerDetails }) {
  const { t } = useTranslation();
  const { ports, networks, mounts, privileged } = container;
  const bound = Object.entries(ports);
  return (
    <Card title={t('containers.reach')}>
      <Facts>
        <Fact name={t('common.created')}>
          <Time value={container.created} />
        </Fact>
        {container.status === 'running' && (
          <Fact name={t('containers.runsFor')}>
            <Elapsed since={container.startedAt} />
          </Fact>
        )}
        {container.status !== 'running' && container.finishedAt !== null && (
          <Fact name={t('containers.ended')}>
            <Time value={container.finishedAt} />
          </Fact>
        )}
        <Fact name={t('containers.ports')}>
          {bound.length === 0
            ? none
            : bound.map(([inside, bindings]) => (
                <span key={inside} className="block font-mono text-sm">
                  {bindings.map(({ HostIp, HostPort }) => `${HostIp || '*'}:${HostPort}`).join(', ')} → {inside}
                </span>
              ))}
        </Fact>
        <Fact name={t('common.networks')}>
          {networks.length === 0
            ? container.networkMode || none
            : networks.map(({ name, address }) => (
                <span key={name} className="flex flex-wrap items-center gap-x-2">
                  {name} {address !== '' && <CopyText text={address} />}
                </span>
              ))}
        </Fact>
        <Fact name={t('containers.mounts')}>
          {mounts.length === 0
            ? none
            : mounts.map(({ target, volume, source, readOnly, type }) => (
                <span key={target} className="block font-mono text-sm break-all">
                  {(volume ?? source) || type} → {target}
                  {readOnly && <span className="text-ink-3"> {t('containers.readOnly')}</span>}
                </span>
              ))}
        </Fact>
        {privileged && (
          <Fact name={t('containers.privileged')}>
            <Badge tone="warn">{t('common.yes')}</Badge>
          </Fact>
        )}
      </Facts>
    </Card>
  );
}

/** What the container is, how it is, and what it can reach. */
export function OverviewTab() {
  const container = useContainer();
  return (
    <div className="flex flex-col gap-4">
      <Trouble container={container} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <About container={container} />
        <How container={container} />
        <EnvironmentCard container={container} />
        <LabelsCard container={container} />
      </div>
    </div>
  );
}
