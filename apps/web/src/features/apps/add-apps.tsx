import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useInstance } from '../../lib/use-instance.ts';
import { Button } from '../../ui/form/button.tsx';
import { AppFiles } from './app-files.tsx';
import { NewAppDialog } from './new-app-dialog.tsx';

/** The ways to come to a simulated product. */
export function AddApps({ categories }: { categories: readonly string[] }) {
  const { t } = useTranslation();
  const { me } = useInstance();
  const { from } = useSearch({ from: '/simulator' });
  const navigate = useNavigate({ from: '/simulator' });
  const [creating, setCreating] = useState(from !== undefined);
  if (!me) return null;
  if (!me.can.createApp) return <AppFiles mayImport={false} />;
  return (
    <>
      <AppFiles mayImport />
      <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setCreating(true)}>
        {t('apps.add')}
      </Button>
      {creating && (
        <NewAppDialog
          categories={categories}
          from={from}
          onClose={() => {
            setCreating(false);
            if (from !== undefined) void navigate({ search: (old) => ({ ...old, from: undefined }), replace: true });
          }}
        />
      )}
    </>
  );
}
