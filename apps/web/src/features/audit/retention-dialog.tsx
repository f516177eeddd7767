import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';

type Retention = Outputs['audit']['retention'];
const spans = ['callsDays', 'auditDays'] as const;

function RetentionForm({ id, kept, onDone }: { id: string; kept: Retention; onDone: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [days, setDays] = useState({ callsDays: String(kept.callsDays), auditDays: String(kept.auditDays) });
  const save = useMutation(
    trpc.audit.setRetention.mutationOptions({
      onSuccess: (now) => {
        queryClient.setQueryData(trpc.audit.retention.queryKey(), now);
        toast.ok(t('common.saved'));
        onDone();
      },
    }),
  );
  const failure = save.error ? toFailure(save.error) : null;
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate({ callsDays: Number(days.callsDays), auditDays: Number(days.auditDays) });
  }
  const atField = spans.some((span) => fieldMessage(failure, span) !== null);
  return (
    <form id={id} noValidate onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-ink-2">{t('audit.retention.hint')}</p>
      {failure && !atField && <Callout alert tone="bad" title={failure.message} />}
      {spans.map((span) => (
        <Field
          key={span}
          label={t(`audit.retention.${span}`)}
          note={t('audit.retention.days')}
          error={fieldMessage(failure, span)}
        >
          <Input
            type="number"
            min={1}
            max={3650}
            value={days[span]}
            onChange={(event) => setDays({ ...days, [span]: event.target.value })}
          />
        </Field>
      ))}
    </form>
  );
}

/** How long history is kept, for who may say so. */
export function RetentionButton() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const id = useId();
  const [open, setOpen] = useState(false);
  const kept = useQuery(trpc.audit.retention.queryOptions(undefined, { enabled: open }));
  function close() {
    setOpen(false);
  }
  return (
    <>
      <Button icon={<History aria-hidden className="size-4" />} onClick={() => setOpen(true)}>
        {t('audit.retention.title')}
      </Button>
      <Dialog
        open={open}
        onClose={close}
        title={t('audit.retention.title')}
        footer={
          <>
            <Button onClick={close}>{t('common.cancel')}</Button>
            <Button type="submit" form={id} look="primary" disabled={!kept.data}>
              {t('common.saveChanges')}
            </Button>
          </>
        }
      >
        {kept.error && <Callout alert tone="bad" title={toFailure(kept.error).message} />}
        {kept.data && <RetentionForm id={id} kept={kept.data} onDone={close} />}
      </Dialog>
    </>
  );
}
