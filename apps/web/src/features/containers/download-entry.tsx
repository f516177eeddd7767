import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { saveFrom } from '../../lib/files.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { IconButton } from '../../ui/form/button.tsx';
import { useContainer } from './container-context.ts';

/** Takes a file out as it is, a folder as a tar archive; the browser saves it as it comes, however large it is. */
export function DownloadEntry({ path, isFolder }: { path: string; isFolder: boolean }) {
  const { t } = useTranslation();
  const toast = useToast();
  const engine = useEngineName();
  const { id } = useContainer();
  const [busy, setBusy] = useState(false);
  const name = path.split('/').at(-1) ?? 'file';
  const query = new URLSearchParams({ path, ...(engine !== undefined && { engine }) });
  async function download() {
    setBusy(true);
    const refusal = await saveFrom(`/api/containers/${id}/${isFolder ? 'archive' : 'file'}?${query}`);
    if (refusal !== null) toast.bad(t('containers.downloadFailed'), refusal);
    setBusy(false);
  }
  return (
    <IconButton size="sm" busy={busy} label={t('containers.downloadOf', { name })} onClick={() => void download()}>
      <Download aria-hidden className="size-4" />
    </IconButton>
  );
}
