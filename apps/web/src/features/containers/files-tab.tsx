import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { File, Folder, FolderOpen, Link2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { largestUpload, toBase64 } from '../../lib/files.ts';
import { bytes } from '../../lib/format.ts';
import { toFailure, useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { EngineFailed } from '../../ui/feedback/engine-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { FilePick } from '../../ui/form/file-pick.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Time } from '../../ui/text/time.tsx';
import { useContainer } from './container-context.ts';
import { DownloadEntry } from './download-entry.tsx';
import { PathBar } from './path-bar.tsx';

type Entry = Outputs['containers']['files']['entries'][number];

const icons = { file: File, directory: Folder, link: Link2, other: File };

function leadsToFolder({ type, targetType }: Entry) {
  return type === 'directory' || targetType === 'directory';
}

function EntryRow({ entry, folder, onOpen }: { entry: Entry; folder: string; onOpen: (path: string) => void }) {
  const { t, i18n } = useTranslation();
  const Icon = icons[entry.type];
  const isFolder = leadsToFolder(entry);
  const isFile = entry.type === 'file' || entry.targetType === 'file' || entry.targetType === 'unknown';
  const path = `${folder === '/' ? '' : folder}/${entry.path}`;
  return (
    <tr className="border-b border-line last:border-0 hover:bg-hover">
      <td className="max-w-0 py-1.5 pl-4">
        <span className="flex min-w-0 items-center gap-2">
          <Icon aria-hidden className="size-4 shrink-0 text-ink-3" />
          <span className="flex min-w-0 flex-wrap items-center gap-x-2">
            {isFolder ? (
              <button type="button" className="truncate font-medium hover:underline" onClick={() => onOpen(path)}>
                {entry.path}
              </button>
            ) : (
              <span className="truncate">{entry.path}</span>
            )}
            {entry.linkTarget !== null && <span className="truncate text-ink-3">→ {entry.linkTarget}</span>}
            {entry.targetType === 'missing' && <Badge>{t('containers.linkMissing')}</Badge>}
          </span>
        </span>
      </td>
      <td className="w-20 px-3 text-right text-sm whitespace-nowrap text-ink-3 tabular">
        {entry.type === 'file' && bytes(entry.bytes, i18n.language)}
      </td>
      <td className="w-20 px-3 font-mono text-xs text-ink-3 max-sm:hidden">
        {entry.mode.toString(8).padStart(4, '0')}
      </td>
      <td className="w-28 px-3 text-sm whitespace-nowrap text-ink-3 max-sm:hidden">
        <Time value={entry.modified} />
      </td>
      <td className="w-12 pr-3 text-right">
        {(isFolder || isFile) && <DownloadEntry path={path} isFolder={isFolder} />}
      </td>
    </tr>
  );
}

/** What lies in the container, running or not: to look at, to take out and to put in. */
export function FilesTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const toast = useToast();
  const engine = useEngineName();
  const { id } = useContainer();
  const { path = '/' } = useSearch({ from: '/engine/containers/$id/files' });
  const navigate = useNavigate({ from: '/containers/$id/files' });
  const files = useQuery(trpc.containers.files.queryOptions({ engine, id, path }, { retry: false }));
  const write = useMutation(trpc.containers.writeFiles.mutationOptions());
  function open(next: string) {
    void navigate({ search: (old) => ({ ...old, path: next === '/' ? undefined : next }) });
  }
  async function upload(chosen: File[]) {
    const size = chosen.reduce((sum, { size: each }) => sum + each, 0);
    if (size > largestUpload) {
      toast.bad(t('containers.uploadTooLarge'), t('containers.uploadTooLargeHint'));
      return;
    }
    try {
      const contents = await Promise.all(
        chosen.map(async (file) => ({ path: file.name, base64: await toBase64(file) })),
      );
      await write.mutateAsync({ engine, id, directory: path, files: contents });
      toast.ok(t('containers.uploaded', { count: chosen.length }));
    } catch (error) {
      toast.bad(t('containers.uploadFailed'), toFailure(error).message);
    }
    await files.refetch();
  }
  const entries = files.data?.entries.toSorted(
    (a, b) => Number(leadsToFolder(b)) - Number(leadsToFolder(a)) || a.path.localeCompare(b.path),
  );
  return (
    <Card flush>
      <div className="flex flex-wrap items-center justify-between gap-3 border-b border-line px-4 py-2">
        <PathBar path={path} onOpen={open} />
        <FilePick multiple busy={write.isPending} onFiles={(chosen) => void upload(chosen)}>
          {t('containers.upload')}
        </FilePick>
      </div>
      {files.isPending && <SkeletonRows rows={8} className="h-9" />}
      {files.isError && (
        <div className="p-4">
          <EngineFailed title={t('containers.filesFailed')} error={files.error} onRetry={() => void files.refetch()} />
        </div>
      )}
      {files.data?.complete === false && (
        <p role="status" className="border-b border-line px-4 py-2 text-sm text-ink-2">
          {t('containers.incompleteFolder')}
        </p>
      )}
      {entries?.length === 0 && (
        <Empty icon={<FolderOpen />} title={t('containers.emptyFolder')}>
          {t('containers.emptyFolderHint')}
        </Empty>
      )}
      {entries && entries.length > 0 && (
        <table aria-label={t('containers.filesIn', { path })} className="w-full table-auto text-left">
          <thead className="sr-only">
            <tr>
              <th scope="col">{t('containers.fileName')}</th>
              <th scope="col">{t('containers.fileSize')}</th>
              <th scope="col">{t('containers.fileMode')}</th>
              <th scope="col">{t('containers.fileTime')}</th>
              <th scope="col">{t('common.actions')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <EntryRow key={entry.path} entry={entry} folder={path} onOpen={open} />
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
