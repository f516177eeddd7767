import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { offeredTokens, offeredTools } from '@switchboard/core/conversations/schema';
import { count } from '../../lib/format.ts';
import { alone, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { ServerState } from '../../ui/feedback/server-state.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Choices } from '../../ui/form/choices.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { noTools } from './settings.ts';
import { SingleTools } from './single-tools.tsx';
import type { Chosen } from './types.ts';
import type { ChatSettings } from './use-settings.ts';

/** Which servers, groups and single tools a conversation may use. */
export function ToolPicker({ settings: of, onClose }: { settings: ChatSettings; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const trpc = useTRPC();
  const [chosen, setChosen] = useState<Chosen>(of.settings?.chosen ?? noTools);
  const groups = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
  const { servers, groups: chosenGroups } = chosen;
  const hasChosen = servers.length > 0 || chosenGroups.length > 0;
  const all = useQuery(
    trpc.conversations.tools.queryOptions(
      { servers, groups: chosenGroups, tools: null },
      { trpc: alone, enabled: hasChosen, placeholderData: (last) => last },
    ),
  );
  const offered = hasChosen ? (all.data ?? []) : [];
  const on = offered.filter(({ server, tool }) => chosen.tools?.includes(`${server}/${tool}`) ?? true);
  const tokens = on.reduce((sum, each) => sum + each.tokens, 0);
  const isSearched = tokens > offeredTokens || on.length > offeredTools;
  function done() {
    if (of.settings) of.change({ ...of.settings, chosen });
    onClose();
  }
  return (
    <Dialog
      open
      onClose={onClose}
      shape="right"
      title={t('conversations.tools.title')}
      subtitle={t('conversations.tools.lead')}
      footer={
        <>
          <span className="mr-auto self-center text-sm text-ink-3 tabular">
            {t('conversations.tools.chosen', {
              count: on.length,
              shown: count(on.length, i18n.language),
              tokens: count(tokens, i18n.language),
            })}
          </span>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" onClick={done}>
            {t('conversations.tools.use')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Choices
          legend={t('common.servers')}
          none={t('conversations.tools.noServers')}
          options={of.servers.map((server) => ({
            value: server.id,
            label: server.name,
            text: `${server.name} ${server.id}`,
            hint: <ServerState server={server} />,
          }))}
          value={servers}
          onChange={(next) => setChosen({ ...chosen, servers: next, tools: null })}
        />
        {(groups.data?.items.length ?? 0) > 0 && (
          <Choices
            legend={t('common.groups')}
            options={(groups.data?.items ?? []).map(({ id, displayName }) => ({
              value: id,
              label: displayName,
              text: `${displayName} ${id}`,
            }))}
            value={chosenGroups}
            onChange={(next) => setChosen({ ...chosen, groups: next, tools: null })}
          />
        )}
        {isSearched && (
          <Callout>
            {t('conversations.tools.searched', {
              tokens: count(offeredTokens, i18n.language),
              tools: count(offeredTools, i18n.language),
            })}
          </Callout>
        )}
        {all.isError && hasChosen && (
          <LoadFailed title={t('items.loadFailed')} error={all.error} onRetry={() => void all.refetch()} />
        )}
        {hasChosen && all.isPending && <SkeletonRows rows={3} />}
        {offered.length > 0 && <SingleTools offered={offered} chosen={chosen} onChange={setChosen} />}
      </div>
    </Dialog>
  );
}
