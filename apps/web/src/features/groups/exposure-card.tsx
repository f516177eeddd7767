import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Exposure } from '../../lib/api-types.ts';
import { count } from '../../lib/format.ts';
import { useGroup } from '../../lib/group-context.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Card, Fact, Facts } from '../../ui/layout/card.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';

const shownTools = 50;

function Collisions({ exposure }: { exposure: Exposure }) {
  const { t } = useTranslation();
  return (
    <>
      {exposure.collisions.length > 0 && (
        <Callout tone="warn" title={t('groups.exposure.collisions', { count: exposure.collisions.length })}>
          <p>{t('groups.exposure.collisionsHint')}</p>
          <ul className="mt-1.5 flex flex-col gap-1">
            {exposure.collisions.map(({ exposedName, type, serverId, name, takenBy }) => (
              <li key={`${type} ${exposedName} ${serverId} ${name}`} className="break-all">
                <code className="font-mono text-xs font-medium">{exposedName}</code>
                <span className="text-ink-3">
                  {' '}
                  {t('groups.exposure.takenBy', { item: `${serverId}/${name}`, by: takenBy })}
                </span>
              </li>
            ))}
          </ul>
        </Callout>
      )}
      {exposure.duplicateUris.length > 0 && (
        <Callout title={t('groups.exposure.duplicates', { count: exposure.duplicateUris.length })}>
          <ul className="font-mono text-xs break-all">
            {exposure.duplicateUris.slice(0, shownTools).map((uri) => (
              <li key={uri}>{uri}</li>
            ))}
          </ul>
        </Callout>
      )}
    </>
  );
}

function Costs({ exposure }: { exposure: Exposure }) {
  const { t, i18n } = useTranslation();
  const byCost = exposure.tools.toSorted((a, b) => b.tokens - a.tokens);
  return (
    <Disclosure title={t('groups.exposure.perTool')}>
      <ul className="flex flex-col gap-1 text-sm">
        {byCost.slice(0, shownTools).map((tool) => (
          <li key={tool.exposedName} className="flex items-baseline justify-between gap-3">
            <code className="min-w-0 truncate font-mono text-xs" title={tool.exposedName}>
              {tool.exposedName}
            </code>
            <span className="tabular shrink-0 text-ink-3">{count(tool.tokens, i18n.language)}</span>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

/** What a client of the group's endpoint gets, and what that costs a model's context. */
export function ExposureCard() {
  const { t, i18n } = useTranslation();
  const trpc = useTRPC();
  const group = useGroup();
  const exposure = useQuery(trpc.groups.exposure.queryOptions({ id: group.id }));
  const { data } = exposure;
  return (
    <Card title={t('groups.exposure.title')}>
      {exposure.isError && !data && (
        <LoadFailed title={t('items.loadFailed')} error={exposure.error} onRetry={() => void exposure.refetch()} />
      )}
      {exposure.isPending && <Skeleton className="h-24" />}
      {data && (
        <div className="flex flex-col gap-4">
          <div>
            <p className="tabular text-2xl font-semibold tracking-tight" data-testid="exposure-tokens">
              {count(data.tokens, i18n.language)}
            </p>
            <p className="text-sm text-ink-3">{t('groups.exposure.tokens')}</p>
          </div>
          <Facts>
            <Fact name={t('groups.picker.kinds.tool')}>{count(data.tools.length, i18n.language)}</Fact>
            <Fact name={t('groups.picker.kinds.prompt')}>{count(data.prompts, i18n.language)}</Fact>
            <Fact name={t('groups.picker.kinds.resource')}>{count(data.resources, i18n.language)}</Fact>
          </Facts>
          <Collisions exposure={data} />
          {data.tools.length > 0 && <Costs exposure={data} />}
        </div>
      )}
    </Card>
  );
}
