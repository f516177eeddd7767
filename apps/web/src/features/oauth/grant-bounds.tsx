import { useQueries, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Choices, type Choice } from '../../ui/form/choices.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import type { GrantDraft } from './consent-draft.ts';

interface GrantBoundsProps {
  /** The server or group of the endpoint; null where it is the one of everything. */
  endpoint: string | null;
  draft: GrantDraft;
  onChange: (draft: GrantDraft) => void;
}

function Bound({
  bound,
  options,
  draft,
  onChange,
}: Omit<GrantBoundsProps, 'endpoint'> & {
  bound: 'servers' | 'tools';
  options: readonly Choice[];
}) {
  const { t } = useTranslation();
  const chosen = draft[bound];
  const legend = t(`oauth.bound.${bound}`);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span aria-hidden className="text-sm font-medium">
          {legend}
        </span>
        <Segmented
          small
          label={legend}
          value={chosen === null ? 'any' : 'some'}
          onChange={(next) => onChange({ ...draft, [bound]: next === 'any' ? null : [] })}
          options={[
            { value: 'any', label: t('oauth.all') },
            { value: 'some', label: t('oauth.onlyThese') },
          ]}
        />
      </div>
      {chosen !== null && (
        <Choices
          legend={<span className="sr-only">{legend}</span>}
          none={t('oauth.nothingToChoose')}
          options={options}
          value={chosen}
          onChange={(next) => onChange({ ...draft, [bound]: next })}
        />
      )}
    </div>
  );
}

/** Where a program may do it: some servers, some tools of them; never more than its person may. */
export function GrantBounds({ endpoint, draft, onChange }: GrantBoundsProps) {
  const trpc = useTRPC();
  const all = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  const own = all.data?.items.find(({ id }) => id === endpoint);
  const servers = own ? [own] : (all.data?.items ?? []);
  const ids = draft.servers ?? servers.map(({ id }) => id);
  const lists = useQueries({
    queries: ids.map((id) =>
      trpc.servers.items.queryOptions({ id }, { enabled: draft.tools !== null, staleTime: 60_000 }),
    ),
  });
  const tools = lists.flatMap(({ data }, index) =>
    (data?.tools ?? []).map(({ name }) => {
      const value = `${ids[index]}/${name}`;
      return { value, label: <code className="font-mono text-sm break-all">{value}</code> };
    }),
  );
  const choices = servers.map(({ id, name }) => ({
    value: id,
    label: name,
    text: `${name} ${id}`,
  }));
  return (
    <div className="flex flex-col gap-4">
      {!own && <Bound bound="servers" options={choices} draft={draft} onChange={onChange} />}
      <Bound bound="tools" options={tools} draft={draft} onChange={onChange} />
    </div>
  );
}
