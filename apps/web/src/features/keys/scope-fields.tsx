import { useQueries, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fieldMessage, useTRPC, type Failure } from '../../lib/trpc.ts';
import { Choices, type Choice } from '../../ui/form/choices.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { keyKinds, metricsScope, type KeyDraft } from './key-draft.ts';

type Bound = 'endpoints' | 'groups' | 'servers' | 'tools' | 'resources';

interface ScopeFieldsProps {
  draft: KeyDraft;
  onChange: (draft: KeyDraft) => void;
  failure: Failure | null;
}

function BoundField({
  bound,
  options,
  draft,
  onChange,
  failure,
  hint,
}: ScopeFieldsProps & { bound: Bound; options: readonly Choice[]; hint?: string }) {
  const { t } = useTranslation();
  const chosen = draft[bound];
  const legend = t(`keys.bound.${bound}`);
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-4">
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
            { value: 'any', label: t('keys.any') },
            { value: 'some', label: t('keys.onlyThese') },
          ]}
        />
      </div>
      {chosen !== null && (
        <Choices
          legend={<span className="sr-only">{legend}</span>}
          none={t('keys.nothingToChoose')}
          hint={hint}
          options={options}
          value={chosen}
          onChange={(next) => onChange({ ...draft, [bound]: next })}
          error={fieldMessage(failure, bound)}
        />
      )}
    </div>
  );
}

/** Tools of the chosen servers, of all where none is chosen; asked for only while they are chosen from. */
function useTools(enabled: boolean, serverIds: readonly string[]): Choice[] {
  const trpc = useTRPC();
  const lists = useQueries({
    queries: serverIds.map((id) => trpc.servers.items.queryOptions({ id }, { enabled, staleTime: 60_000 })),
  });
  return lists.flatMap(({ data }, index) =>
    (data?.tools ?? []).map((tool) => {
      const value = `${serverIds[index]}/${tool.name}`;
      return { value, label: <code className="font-mono text-sm break-all">{value}</code> };
    }),
  );
}

/** What the owner sees that is no server, and what the key names already; asked for only while it is chosen from. */
function useResources(chosen: readonly string[] | null): Choice[] {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const nameable = useQuery(trpc.keys.nameable.queryOptions(undefined, { enabled: chosen !== null }));
  const there = (nameable.data ?? []).map(({ reference, kind }) => ({ reference, hint: t(`keys.resource.${kind}`) }));
  const known = new Set(there.map(({ reference }) => reference));
  const gone = nameable.data ? (chosen ?? []).filter((reference) => !known.has(reference)) : [];
  const all = [...gone.map((reference) => ({ reference, hint: t('keys.resourceGone') })), ...there];
  return all.map(({ reference, hint }) => ({
    value: reference,
    label: <code className="font-mono text-sm break-all">{reference}</code>,
    hint,
    text: `${reference} ${hint}`,
  }));
}

/** What a key may, and where: never more than its owner. */
export function ScopeFields(props: ScopeFieldsProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { draft, onChange, failure } = props;
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  const groups = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
  const { data: me } = useQuery(trpc.auth.me.queryOptions());
  const offersMetrics = me?.can.readMetrics === true || draft.scopes.includes(metricsScope);
  const ids = draft.servers ?? servers.data?.items.map(({ id }) => id) ?? [];
  const tools = useTools(draft.tools !== null, ids);
  const resources = useResources(draft.resources);
  const serverChoices = (servers.data?.items ?? []).map(({ id, name }) => ({
    value: id,
    label: name,
    text: `${name} ${id}`,
  }));
  const groupChoices = (groups.data?.items ?? []).map(({ id, displayName }) => ({
    value: id,
    label: displayName,
    text: `${displayName} ${id}`,
  }));
  function endpoint({ value, label, text }: Choice & { text: string }, kind: 'server' | 'group') {
    return {
      value,
      label,
      text: `${text} ${kind}`,
      hint: `/mcp/${value}`,
    };
  }
  const endpoints = [
    { value: 'all', label: t('common.allServers'), hint: '/mcp', text: 'all /mcp' },
    ...groupChoices.map((each) => endpoint(each, 'group')),
    ...serverChoices.map((each) => endpoint(each, 'server')),
  ];
  return (
    <div className="flex flex-col gap-4">
      <Choices
        legend={t('keys.may')}
        hint={t('keys.mayHint')}
        value={draft.scopes}
        onChange={(scopes) => onChange({ ...draft, scopes })}
        error={fieldMessage(failure, 'scopes')}
        options={[...keyKinds, ...(offersMetrics ? ['metrics' as const] : [])].map((kind) => ({
          value: kind === 'metrics' ? metricsScope : kind,
          label: t(`keys.kind.${kind}`),
          hint: t(`keys.kindHint.${kind}`),
        }))}
      />
      <BoundField {...props} bound="endpoints" options={endpoints} />
      <BoundField {...props} bound="groups" options={groupChoices} />
      <BoundField {...props} bound="servers" options={serverChoices} />
      <BoundField {...props} bound="tools" options={tools} />
      <BoundField {...props} bound="resources" options={resources} hint={t('keys.resourcesHint')} />
    </div>
  );
}
