import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { saveAs } from '../../lib/files.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { FilePick } from '../../ui/form/file-pick.tsx';

/** The apps of a file that was exported, or of a list of apps. */
function appsIn(text: string): unknown[] {
  const content: unknown = JSON.parse(text);
  const apps: unknown = Array.isArray(content) ? content : Object(content).apps;
  if (Array.isArray(apps)) return apps as unknown[];
  throw new SyntaxError('no list of apps');
}

/** Takes apps from a file of another hub. */
function ImportApps() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const take = useMutation(trpc.apps.import.mutationOptions());
  async function read(files: readonly File[]) {
    try {
      const apps = (await Promise.all(files.map((file) => file.text()))).flatMap(appsIn);
      const { created, updated, failed, errors } = await take.mutateAsync({ apps });
      await queryClient.invalidateQueries(trpc.apps.list.pathFilter());
      const [first] = errors;
      if (first) toast.bad(t('apps.import.failed', { count: failed }), `${first.app}: ${first.error}`);
      else toast.ok(t('apps.import.done', { created, updated }));
    } catch (error) {
      const isNoList = error instanceof SyntaxError;
      toast.bad(t('apps.import.refused'), isNoList ? t('apps.import.noList') : toFailure(error).message);
    }
  }
  return (
    <FilePick accept=".json,application/json" multiple busy={take.isPending} onFiles={(files) => void read(files)}>
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
