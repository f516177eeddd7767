import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Server } from '../../lib/api-types.ts';
import { useGiven } from '../../lib/calls/given.ts';
import { methods, type Method } from '../../lib/calls/methods.ts';
import type { Params } from '../../lib/calls/run-state.ts';
import { alone, useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { ServerState } from '../../ui/feedback/server-state.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { ItemPicker } from './item-picker.tsx';
import { chosenItem, itemsFor } from './items-for.ts';
import { RequestForm } from './request-form.tsx';
import { RunHistory } from './run-history.tsx';
import { RunPanel } from './run-panel.tsx';
import type { PlaygroundSearch } from './search.ts';
import { useRuns } from './use-runs.ts';

function NoServers() {
  const { t } = useTranslation();
  return (
    <Card>
      <Empty
        icon={<FlaskConical />}
        title={t('playground.noServers')}
        actions={
          <Link to="/servers" className={buttonClass('primary')}>
            {t('common.servers')}
          </Link>
        }
      >
        {t('playground.noServersHint')}
      </Empty>
    </Card>
  );
}

interface ServerPickProps {
  servers: readonly Server[] | undefined;
  chosen: Server | undefined;
  onChoose: (id: string) => void;
}

function ServerPick({ servers, chosen, onChoose }: ServerPickProps) {
  const { t } = useTranslation();
  return (
    <Field label={t('common.server')} hint={chosen && <ServerState server={chosen} />}>
      <Select value={chosen?.id ?? ''} onChange={(event) => onChoose(event.target.value)}>
        {chosen === undefined && <option value="">{t('schema.choose')}</option>}
        {servers?.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** The servers that can be called, and what the chosen one offers. */
function useOffer({ server: wanted, method = 'tools/call', name }: PlaygroundSearch) {
  const trpc = useTRPC();
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  const usable = servers.data?.items.filter((server) => server.can.use && server.desired === 'on');
  const server = usable?.find((each) => each.id === wanted) ?? (wanted === undefined ? usable?.[0] : undefined);
  const id = server?.id ?? '';
  const items = useQuery(trpc.servers.items.queryOptions({ id }, { enabled: server !== undefined }));
  // Some servers offer tools only to clients that can be asked, as this page can.
  const isOpen = server?.status.phase === 'running' && method === 'tools/call';
  const offered = useQuery(
    trpc.playground.tools.queryOptions({ serverId: id }, { enabled: isOpen, retry: false, trpc: alone }),
  );
  const list = itemsFor(method, items.data, offered.data);
  return { usable, server, list, item: chosenItem(method, list, name) };
}

export function PlaygroundPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const search = useSearch({ from: '/playground' });
  const navigate = useNavigate({ from: '/playground' });
  const { runs, start, cancel, clear, answer } = useRuns();
  const [shownKey, setShownKey] = useState<string | undefined>(runs[0]?.key);
  const brought = useGiven();
  const [chosen, setChosen] = useState<Params | null>(null);
  const given = chosen ?? brought;
  const me = useQuery(trpc.auth.me.queryOptions(undefined, { staleTime: 60_000 }));
  const { usable, server, list, item } = useOffer(search);
  const serverId = server?.id;
  const method = search.method ?? 'tools/call';
  const shown = runs.find((run) => run.key === shownKey);
  function go(next: { server?: string | undefined; method?: Method; name?: string | undefined }) {
    setChosen(null);
    void navigate({ search: { ...(serverId === undefined ? {} : { server: serverId }), method, ...next } });
  }
  if (usable?.length === 0) {
    return (
      <Page title={t('common.playground')} lead={t('playground.lead')}>
        <NoServers />
      </Page>
    );
  }
  return (
    <Page title={t('common.playground')} lead={t('playground.lead')}>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]">
        <Card>
          <div className="flex flex-col gap-5">
            <ServerPick servers={usable} chosen={server} onChoose={(id) => go({ server: id, name: undefined })} />
            <Segmented
              label={t('playground.what')}
              value={method}
              onChange={(next) => go({ method: next, name: undefined })}
              options={methods.map((each) => ({ value: each, label: t(`playground.method.${each}`) }))}
            />
            {item === undefined && serverId !== undefined && (
              <ItemPicker
                label={t(`playground.choose.${method}`)}
                items={list}
                chosen={search.name}
                onChoose={(next) => go({ name: next.name })}
              />
            )}
            {item !== undefined && serverId !== undefined && (
              <>
                <div className="flex items-center justify-between gap-3 rounded-md bg-sunken py-1.5 pr-1.5 pl-3">
                  <code className="min-w-0 font-mono text-sm font-medium break-all">{item.name}</code>
                  <Button size="sm" onClick={() => go({ name: undefined })}>
                    {t('playground.change')}
                  </Button>
                </div>
                <RequestForm
                  key={`${serverId} ${item.type} ${item.name} ${given === null ? '' : JSON.stringify(given)}`}
                  serverId={serverId}
                  item={item}
                  given={given}
                  onRun={(request) => setShownKey(start(request))}
                />
              </>
            )}
          </div>
        </Card>
        <div className="flex min-w-0 flex-col gap-4">
          <Card>
            {shown ? (
              <RunPanel
                key={shown.key}
                run={shown}
                withKey={me.data?.authMode !== 'open'}
                onCancel={() => cancel(shown)}
                onAnswer={(askId, reply) => answer(shown, askId, reply)}
              />
            ) : (
              <Empty icon={<FlaskConical />} title={t('playground.noRun')}>
                {t('playground.noRunHint')}
              </Empty>
            )}
          </Card>
          <RunHistory
            runs={runs}
            shown={shownKey}
            onClear={clear}
            onShow={(run) => {
              setShownKey(run.key);
              setChosen(run.request.arguments);
              void navigate({
                search: { server: run.request.serverId, method: run.request.method, name: run.request.name },
              });
            }}
          />
        </div>
      </div>
    </Page>
  );
}
