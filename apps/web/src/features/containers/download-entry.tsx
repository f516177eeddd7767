import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { fromBase64, saveAs } from '../../lib/files.ts';
import { toFailure, useTRPCClient } from '../../lib/trpc.ts';
import { IconButton } from '../../ui/button.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useContainer } from './container-context.ts';

/** Takes a file out as it is, a folder as a tar archive. */
export function DownloadEntry({ path, isFolder }: { path: string; isFolder: boolean }) {
  const { t } = useTranslation();
  const api = useTRPCClient();
  const toast = useToast();
  const engine = useEngineName();
  const { id } = useContainer();
  const [busy, setBusy] = useState(false);
  const name = path.split('/').at(-1) ?? 'file';
  const download = async () => {
    setBusy(true);
    try {
      if (isFolder) {
        const { archive } = await api.containers.copyOut.query({ engine, id, path });
        saveAs(`${name}.tar`, fromBase64(archive));
      } else {
        const { base64 } = await api.containers.readFile.query({ engine, id, path });
        saveAs(name, fromBase64(base64));
      }
    } catch (error) {
      toast.bad(t('containers.downloadFailed'), toFailure(error).message);
    }
    setBusy(false);
  };
  return (
    <IconButton size="sm" busy={busy} label={t('containers.downloadOf', { name })} onClick={() => void download()}>
      <Download aria-hidden className="size-4" />
    </IconButton>
  );
}
