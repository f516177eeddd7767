import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC, type Outputs } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { RemoveButton } from '../../ui/table/remove-button.tsx';
import { Time } from '../../ui/text/time.tsx';

interface SnapshotsProps {
  tokenId: string;
  snapshots: Outputs['apps']['state']['get']['snapshots'];
}

/** States that were put aside under a name. */
export function Snapshots({ tokenId, snapshots }: SnapshotsProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [name, setName] = useState('');
  const settled = { onSettled: () => queryClient.invalidateQueries(trpc.apps.state.pathFilter()) };
  function tell(error: unknown) {
    toast.bad(t('common.actionFailed'), toFailure(error).message);
  }
  const take = useMutation(trpc.apps.state.snapshot.mutationOptions({ ...settled, onSuccess: () => setName('') }));
  const restore = useMutation(
    trpc.apps.state.restore.mutationOptions({
      ...settled,
      onError: tell,
      onSuccess: () => toast.ok(t('apps.state.restored')),
    }),
  );
  const forget = useMutation(trpc.apps.state.forget.mutationOptions({ ...settled, onError: tell }));
  return (
    <section aria-label={t('apps.state.snapshots')} className="flex flex-col gap-2 border-t border-line pt-4">
      <h3 className="text-sm font-semibold">{t('apps.state.snapshots')}</h3>
      {snapshots.length > 0 && (
        <ul className="flex flex-col divide-y divide-line">
          {snapshots.map((each) => (
            <li key={each.name} className="flex items-center gap-2 py-1">
              <span className="min-w-0 flex-1 wrap-anywhere">{each.name}</span>
              <span className="text-sm text-ink-3">
                <Time value={each.createdAt} />
              </span>
              <Button
                size="sm"
                busy={restore.isPending && restore.variables.name === each.name}
                aria-label={t('apps.state.restoreOf', { name: each.name })}
                onClick={() => restore.mutate({ id: tokenId, name: each.name })}
              >
                {t('apps.state.restore')}
              </Button>
              <RemoveButton
                label={t('schema.remove', { name: each.name })}
                busy={forget.isPending && forget.variables.name === each.name}
                question={{
                  title: t('common.deleteOf', { name: each.name }),
                  body: t('apps.state.forgetBody'),
                  action: t('common.deleteIt'),
                }}
                onRemove={() => forget.mutate({ id: tokenId, name: each.name })}
              />
            </li>
          ))}
        </ul>
      )}
      <form
        noValidate
        className="flex items-end gap-2"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          take.mutate({ id: tokenId, name: name.trim() });
        }}
      >
        <Field
          label={t('apps.state.snapshotName')}
          error={take.error ? toFailure(take.error).message : null}
          className="max-w-64 flex-1"
        >
          <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Button type="submit" busy={take.isPending} disabled={name.trim() === ''}>
          {t('apps.state.snapshot')}
        </Button>
      </form>
    </section>
  );
}
