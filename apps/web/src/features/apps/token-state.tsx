import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Json } from '../../ui/text/code.tsx';
import { CodeField } from './code-field.tsx';
import { isJson, objectOf, printJson } from './json-text.ts';
import { Snapshots } from './snapshots.tsx';

interface EditStateProps {
  tokenId: string;
  state: Record<string, unknown>;
  version: number;
  onDone: () => void;
}

function EditState({ tokenId, state, version, onDone }: EditStateProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [begun] = useState(version);
  const [text, setText] = useState(() => printJson(state));
  const set = useMutation(
    trpc.apps.state.set.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.apps.state.pathFilter());
        onDone();
      },
    }),
  );
  return (
    <div className="flex flex-col gap-3">
      {begun !== version && <Callout tone="warn" title={t('apps.state.changedMeanwhile')} />}
      <CodeField
        json="object"
        label={t('apps.state.title')}
        value={text}
        onChange={setText}
        error={set.error ? toFailure(set.error).message : null}
      />
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          busy={set.isPending}
          disabled={!isJson(text, 'object')}
          onClick={() => set.mutate({ id: tokenId, state: objectOf(text) ?? {} })}
        >
          {t('common.save')}
        </Button>
        <Button onClick={onDone}>{t('common.cancel')}</Button>
      </div>
    </div>
  );
}

/** What the calls of a token have changed, as it is now. */
export function TokenState({ tokenId }: { tokenId: string }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const confirm = useConfirm();
  const [editing, setEditing] = useState(false);
  const query = useQuery(trpc.apps.state.get.queryOptions({ id: tokenId }));
  const reset = useMutation(
    trpc.apps.state.set.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.apps.state.pathFilter()),
    }),
  );
  async function askAndReset() {
    const question = {
      title: t('apps.state.resetTitle'),
      body: t('apps.state.resetBody'),
      action: t('apps.state.reset'),
    };
    if (await confirm(question)) reset.mutate({ id: tokenId, state: null });
  }
  if (query.isError && !query.data)
    return <LoadFailed title={t('apps.state.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton className="h-56 rounded-lg" />;
  const { state, version } = query.data;
  const isEmpty = Object.keys(state).length === 0;
  return (
    <Card
      title={t('apps.state.title')}
      actions={
        !editing && (
          <div className="flex flex-wrap gap-2">
            <Button size="sm" onClick={() => setEditing(true)}>
              {t('apps.state.edit')}
            </Button>
            <Button size="sm" busy={reset.isPending} disabled={isEmpty} onClick={() => void askAndReset()}>
              {t('apps.state.reset')}
            </Button>
          </div>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {editing ? (
          <EditState tokenId={tokenId} state={state} version={version} onDone={() => setEditing(false)} />
        ) : isEmpty ? (
          <p className="text-sm text-ink-3">{t('apps.state.none')}</p>
        ) : (
          <Json value={state} label={t('apps.state.title')} />
        )}
        {reset.error && <Callout alert tone="bad" title={toFailure(reset.error).message} />}
        <Snapshots tokenId={tokenId} snapshots={query.data.snapshots} />
      </div>
    </Card>
  );
}
