import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Disc } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { RemoveButton } from '../../ui/table/remove-button.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { Time } from '../../ui/text/time.tsx';
import { useApp } from './app-context.ts';
import { RecordDialog } from './record-dialog.tsx';
import { RecordingDrawer } from './recording-drawer.tsx';
import { shortJson } from './recording-words.ts';
import type { Recording } from './types.ts';

const column = columnsFor<Recording>();

function useColumns(onShow: (recording: Recording) => void, onRemove: (id: string) => void, busy: boolean) {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor('action', {
          header: t('apps.recordings.action'),
          cell: ({ row: { original: recording } }) => (
            <button type="button" onClick={() => onShow(recording)} className="block min-w-0 text-left hover:underline">
              <span className="block font-mono text-sm font-medium break-all">{recording.action}</span>
              <span className="block font-mono text-xs break-all text-ink-3">{shortJson(recording.arguments)}</span>
            </button>
          ),
        }),
        column.accessor('createdAt', {
          header: t('apps.recordings.when'),
          meta: { align: 'end', className: 'hidden @md:table-cell' },
          cell: ({ getValue }) => <Time value={getValue()} />,
        }),
        column.display({
          id: 'remove',
          header: '',
          meta: { align: 'end' },
          cell: ({ row: { original: recording } }) => (
            <RemoveButton
              label={t('apps.recordings.removeOf', { name: recording.action })}
              busy={busy}
              question={{
                title: t('apps.recordings.removeTitle'),
                body: t('apps.recordings.removeBody'),
                action: t('common.deleteIt'),
              }}
              onRemove={() => onRemove(recording.id)}
            />
          ),
        }),
      ]),
    [t, onShow, onRemove, busy],
  );
}

function Actions({ isEmpty, onRecord, onClear }: { isEmpty: boolean; onRecord: () => void; onClear: () => void }) {
  const { t } = useTranslation();
  const confirm = useConfirm();
  async function ask() {
    const question = {
      title: t('apps.recordings.removeAllTitle'),
      body: t('apps.recordings.removeAllBody'),
      action: t('apps.recordings.removeAll'),
    };
    if (await confirm(question)) onClear();
  }
  return (
    <div className="flex flex-wrap gap-2">
      {!isEmpty && (
        <Button size="sm" onClick={() => void ask()}>
          {t('apps.recordings.removeAll')}
        </Button>
      )}
      <Button size="sm" look="primary" onClick={onRecord}>
        {t('apps.recordings.add')}
      </Button>
    </div>
  );
}

/** The recorded calls of an app, with which its actions can answer. */
export function RecordingsTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const app = useApp();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [shown, setShown] = useState<Recording>();
  const [recording, setRecording] = useState(false);
  const pairs = useQuery(trpc.apps.pairs.list.queryOptions({ id: app.id }));
  const { mutate, isPending } = useMutation(
    trpc.apps.pairs.remove.mutationOptions({
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.apps.pathFilter()),
    }),
  );
  const remove = useMemo(() => (id: string) => mutate({ id: app.id, pairs: [id] }), [mutate, app.id]);
  const columns = useColumns(setShown, remove, isPending);
  if (pairs.isError && !pairs.data)
    return (
      <LoadFailed title={t('apps.recordings.loadFailed')} error={pairs.error} onRetry={() => void pairs.refetch()} />
    );
  return (
    <Card
      flush
      title={t('apps.recordings.title')}
      actions={
        <Actions
          isEmpty={(pairs.data ?? []).length === 0}
          onRecord={() => setRecording(true)}
          onClear={() => mutate({ id: app.id })}
        />
      }
    >
      <DataTable
        label={t('apps.recordings.title')}
        columns={columns}
        data={pairs.data}
        rowId={({ id }) => id}
        onRow={setShown}
        empty={
          <Empty icon={<Disc />} title={t('apps.recordings.none')}>
            {t('apps.recordings.noneHint')}
          </Empty>
        }
      />
      <RecordingDrawer call={shown} onClose={() => setShown(undefined)} />
      {recording && <RecordDialog onClose={() => setRecording(false)} />}
    </Card>
  );
}
