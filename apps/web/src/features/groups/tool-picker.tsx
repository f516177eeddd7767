import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupItem, GroupServer } from '../../lib/api-types.ts';
import { useGroup } from '../../lib/group-context.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { Button } from '../../ui/form/button.tsx';
import { SearchInput } from '../../ui/form/input.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { PickerRow } from './picker-row.tsx';
import { useGroupActions } from './use-group-actions.ts';

const types = ['tool', 'prompt', 'resource', 'template'] as const;
type Type = (typeof types)[number];

/** Whether what a server adds later is exposed by itself. */
function NewOnes({ server, type }: { server: GroupServer; type: Type }) {
  const { t } = useTranslation();
  const { updateServer } = useGroupActions();
  const { groupId, serverId, chosen } = server;
  return (
    <SwitchRow
      label={t('groups.picker.newOnes')}
      hint={t('groups.picker.newOnesHint')}
      disabled={updateServer.isPending}
      checked={!chosen.includes(type)}
      onChange={(all) =>
        updateServer.mutate({
          groupId,
          serverId,
          chosen: all ? chosen.filter((each) => each !== type) : [...chosen, type],
        })
      }
    />
  );
}

function useShown(items: readonly GroupItem[] | undefined, type: Type, query: string) {
  const words = query.trim().toLowerCase();
  const ofType = items?.filter((item) => item.type === type) ?? [];
  function fits(item: GroupItem) {
    return `${item.name} ${item.exposedName} ${item.title ?? ''} ${item.description ?? ''}`
      .toLowerCase()
      .includes(words);
  }
  return { ofType, shown: ofType.filter(fits) };
}

/** Which tools, prompts and resources of a server the group's endpoint shows, and under which names. */
export function ToolPicker({ server }: { server: GroupServer }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { can } = useGroup();
  const { chooseItems } = useGroupActions();
  const { groupId, serverId, name } = server;
  const [type, setType] = useState<Type>('tool');
  const [query, setQuery] = useState('');
  const items = useQuery(trpc.groups.items.queryOptions({ groupId, serverId }));
  const { ofType, shown } = useShown(items.data, type, query);
  function choose(names: string[]) {
    chooseItems.mutate({ groupId, serverId, type, names });
  }
  function count(each: Type) {
    return items.data?.filter((item) => item.type === each).length ?? 0;
  }
  if (items.isError && !items.data) {
    return <LoadFailed title={t('items.loadFailed')} error={items.error} onRetry={() => void items.refetch()} />;
  }
  return (
    <section aria-label={t('groups.picker.title', { name })} className="flex flex-col gap-3">
      <h3 className="text-sm font-semibold">{t('groups.picker.title', { name })}</h3>
      <Segmented
        small
        label={t('groups.picker.kind')}
        value={type}
        onChange={setType}
        options={types.map((each) => ({ value: each, label: `${t(`groups.picker.kinds.${each}`)} ${count(each)}` }))}
      />
      {can.servers && <NewOnes server={server} type={type} />}
      <div className="overflow-hidden rounded-lg border border-line bg-surface">
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
          <SearchInput className="min-w-40 flex-1" label={t('common.search')} value={query} onChange={setQuery} />
          {can.servers && (
            <>
              <Button
                size="sm"
                disabled={chooseItems.isPending}
                onClick={() => choose(ofType.map((each) => each.name))}
              >
                {t('groups.picker.all')}
              </Button>
              <Button size="sm" disabled={chooseItems.isPending} onClick={() => choose([])}>
                {t('groups.picker.none')}
              </Button>
            </>
          )}
        </div>
        {items.isPending && <SkeletonRows rows={3} />}
        {items.data && shown.length === 0 && (
          <p className="px-4 py-6 text-center text-sm text-ink-3">
            {t(ofType.length > 0 ? 'items.noMatch' : 'groups.picker.empty')}
          </p>
        )}
        <ul>
          {shown.map((item) => (
            <PickerRow key={`${item.type} ${item.name}`} server={server} item={item} />
          ))}
        </ul>
      </div>
    </section>
  );
}
