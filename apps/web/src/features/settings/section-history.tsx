import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Section } from '@switchboard/core/configuration/schema';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import type { VersionSearch } from '../../lib/version-search.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { useRollBack } from '../../ui/versions/use-roll-back.ts';
import { VersionChanges } from '../../ui/versions/version-changes.tsx';
import { VersionTab } from '../../ui/versions/version-tab.tsx';
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
  const texts = query.data ? [{ name: t(sectionWords[section].title), diff: query.data.section }] : null;
  return <VersionChanges query={query} texts={texts} changedValues={query.data?.changedValues ?? []} />;
}

/** What a section was after each of its changes, and the way back. */
export function SectionHistory() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const section = useSection();
  const { me } = useInstance();
  const { version, against } = useSearch(place);
  const navigate = useNavigate(place);
  const query = useQuery(trpc.configuration.versions.queryOptions({ section }));
  function show(next: VersionSearch) {
    void navigate({ search: { section, history: true, ...next }, replace: true });
  }
  const restore = useMutation(
    trpc.configuration.restore.mutationOptions({
      onSuccess: async ({ missing }, { number }) => {
        toast.ok(
          missing.length === 0
            ? t('versions.restored', { number })
            : t('settings.history.missing', { number, names: missing.join(', ') }),
        );
        show({});
        await queryClient.invalidateQueries(trpc.configuration.pathFilter());
      },
    }),
  );
  const rollBack = useRollBack(restore, (number) => ({
    title: t('settings.history.title', { section: t(sectionWords[section].title), number }),
    body: t('settings.history.body'),
    input: { section, number },
  }));
  return (
    <VersionTab
      query={query}
      shown={{ version, against }}
      onShow={show}
      Changes={Changes}
      rollBack={me?.can.changeConfig ? rollBack : null}
    />
  );
}
