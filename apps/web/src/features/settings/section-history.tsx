import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Section } from '@switchboard/core/configuration/schema';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import type { VersionSearch } from '../../lib/version-search.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { LoadFailed } from '../../ui/load-failed.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TextDiff } from '../../ui/text-diff.tsx';
import { useToast } from '../../ui/toast.tsx';
import { VersionHistory } from '../../ui/version-history.tsx';
import { sectionWords } from './fields.ts';

const place = { from: '/settings/configuration' } as const;

function useSection(): Section {
  return useSearch(place).section ?? 'smtp';
}

/** What a version changed; secrets by name alone. */
function Changes({ from, to }: { from: number; to: number }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const section = useSection();
  // Versions do not change.
  const query = useQuery(trpc.configuration.diff.queryOptions({ section, from, to }, { staleTime: Infinity }));
  if (query.isError) {
    return <LoadFailed title={t('versions.diffFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return <Skeleton className="h-40 rounded-md" />;
  const { section: diff, changedValues } = query.data;
  return (
    <>
      <TextDiff name={t(sectionWords[section].title)} diff={diff} />
      {changedValues.length > 0 && (
        <div className="text-sm">
          <p className="font-medium">{t('versions.changedValues')}</p>
          <p className="font-mono text-xs break-all">{changedValues.join(', ')}</p>
          <p className="text-ink-3">{t('versions.changedValuesHint')}</p>
        </div>
      )}
    </>
  );
}

/** Makes a section what it was, once the question is answered. */
function useRollBack(section: Section, onDone: () => void) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const restore = useMutation(
    trpc.configuration.restore.mutationOptions({
      onSuccess: async ({ missing }, { number }) => {
        toast.ok(
          missing.length === 0
            ? t('versions.restored', { number })
            : t('settings.history.missing', { number, names: missing.join(', ') }),
        );
        onDone();
        await queryClient.invalidateQueries(trpc.configuration.pathFilter());
      },
    }),
  );
  async function ask(number: number) {
    restore.reset();
    const title = t('settings.history.title', { section: t(sectionWords[section].title), number });
    const yes = await confirm({
      title,
      body: t('settings.history.body'),
      action: t('versions.rollBack'),
      danger: false,
    });
    if (yes) restore.mutate({ section, number });
  }
  const { error, variables } = restore;
  const failure = error && variables ? { number: variables.number, message: toFailure(error).message } : null;
  return { ask, busy: restore.isPending, failure };
}

/** What a section was after each of its changes, and the way back. */
export function SectionHistory() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const section = useSection();
  const { me } = useInstance();
  const { version, against } = useSearch(place);
  const navigate = useNavigate(place);
  const query = useQuery(trpc.configuration.versions.queryOptions({ section }));
  function show(next: VersionSearch) {
    void navigate({ search: { section, history: true, ...next }, replace: true });
  }
  const rollBack = useRollBack(section, () => show({}));
  if (query.isError && !query.data) {
    return <LoadFailed title={t('versions.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return <Skeleton className="h-56 rounded-lg" />;
  return (
    <VersionHistory
      {...query.data}
      shown={{ version, against }}
      onShow={show}
      Changes={Changes}
      rollBack={me?.can.changeConfig ? rollBack : null}
    />
  );
}
