import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { saveAs } from '../../lib/files.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { FilePick } from '../../ui/form/file-pick.tsx';

/** Takes apps from a file of another hub. */
function ImportApps() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const take = useMutation(trpc.apps.import.mutationOptions());
  async function read(files: readonly File[]) {
    const done = { created: 0, updated: 0, failed: 0, errors: [] as string[] };
    try {
      for (const file of files) {
        const { created, updated, failed, errors } = await take.mutateAsync({ text: await file.text() });
        done.created += created;
        done.updated += updated;
        done.failed += failed;
        done.errors.push(...errors.map(({ app, error }) => `${app}: ${error}`));
      }
    } catch (error) {
      toast.bad(t('apps.import.refused'), toFailure(error).message);
    }
    await queryClient.invalidateQueries(trpc.apps.list.pathFilter());
    const { created, updated, failed, errors } = done;
    if (failed > 0) toast.bad(t('apps.import.failed', { count: failed }), errors.slice(0, 10).join('\n'));
    if (created + updated > 0) toast.ok(t('apps.import.done', { created, updated }));
  }
  return (
    <FilePick
      accept=".json,.yaml,.yml,application/json,application/yaml"
      multiple
      busy={take.isPending}
      onFiles={(files) => void read(files)}
    >
      {t('apps.import.action')}
    </FilePick>
  );
}

/** Apps to a file and from one. */
export function AppFiles({ mayImport }: { mayImport: boolean }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const save = useMutation({
    mutationFn: () => queryClient.fetchQuery(trpc.apps.export.queryOptions({})),
    onSuccess: (exported) => saveAs('simulated-products.json', JSON.stringify(exported, null, 2)),
    onError: (error) => toast.bad(t('apps.exportFailed'), toFailure(error).message),
  });
  return (
    <>
      <Button icon={<Download aria-hidden className="size-4" />} busy={save.isPending} onClick={() => save.mutate()}>
        {t('apps.export')}
      </Button>
      {mayImport && <ImportApps />}
    </>
  );
}
