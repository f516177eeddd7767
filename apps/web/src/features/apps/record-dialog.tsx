import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Select } from '../../ui/form/input.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { useApp } from './app-context.ts';
import { RecordCandidates } from './record-candidates.tsx';
import type { RecordedCall } from './types.ts';

function NoCalls({ server }: { server: string }) {
  const { t } = useTranslation();
  return (
    <Callout tone="info" title={t('apps.recordings.noCalls')}>
      <p>{t('apps.recordings.noCallsHint')}</p>
      <Link
        to="/servers/$id/settings"
        params={{ id: server }}
        hash="recording"
        className="text-accent-text underline underline-offset-2"
      >
        {t('apps.recordings.settings')}
      </Link>
    </Callout>
  );
}

/** The calls of a server that can be recorded, as they are loaded; the indexes of those that are chosen. */
function useCandidates() {
  const trpc = useTRPC();
  const app = useApp();
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const load = useMutation(
    trpc.apps.pairs.ofCalls.mutationOptions({
      onSuccess: ({ pairs }) => {
        const known = new Set(app.actions.map(({ name }) => name));
        setChosen(pairs.flatMap(({ action }, index) => (known.has(action) ? [index] : [])));
      },
    }),
  );
  const calls: readonly RecordedCall[] = load.data?.pairs ?? [];
  return { load, calls, chosen, setChosen };
}

/** Takes calls that a server answered as recordings of the app, once they were looked through. */
export function RecordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const app = useApp();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [server, setServer] = useState('');
  const [preferred, setPreferred] = useState(true);
  const { load, calls, chosen, setChosen } = useCandidates();
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1_000, sort: 'name', order: 'asc' }));
  const add = useMutation(
    trpc.apps.pairs.add.mutationOptions({
      onSuccess: async ({ added }) => {
        toast.ok(t('apps.recordings.added', { count: added }));
        await queryClient.invalidateQueries(trpc.apps.pathFilter());
        onClose();
      },
    }),
  );
  const failed = add.error ?? load.error;
  const left = load.data?.left ?? 0;
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('apps.recordings.add')}
      action={t('apps.recordings.save')}
      busy={add.isPending}
      incomplete={chosen.length === 0}
      problem={failed ? toFailure(failed).message : null}
      onSubmit={() =>
        add.mutate({ id: app.id, preferred, pairs: calls.filter((_call, index) => chosen.includes(index)) })
      }
    >
      <Field required label={t('apps.recordings.from')} hint={t('apps.recordings.fromHint')}>
        <Select
          data-autofocus
          value={server}
          onChange={(event) => {
            setServer(event.target.value);
            setChosen([]);
            load.reset();
            if (event.target.value !== '') load.mutate({ server: event.target.value });
          }}
        >
          <option value="">{t('apps.source.choose')}</option>
          {servers.data?.items
            .filter(({ can }) => can.configure)
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
        </Select>
      </Field>
      {load.isPending && <Skeleton className="h-24 rounded-lg" />}
      {load.data && calls.length === 0 && <NoCalls server={server} />}
      {calls.length > 0 && <RecordCandidates calls={calls} chosen={chosen} onChange={setChosen} />}
      {left > 0 && <p className="text-sm text-ink-3">{t('apps.recordings.left', { count: left })}</p>}
      {calls.length > 0 && (
        <SwitchRow
          label={t('apps.recordings.preferred')}
          hint={t('apps.recordings.preferredHint')}
          checked={preferred}
          onChange={setPreferred}
        />
      )}
    </FormDialog>
  );
}
