import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useServer } from '../../lib/server-context.ts';
import { fieldMessage, toFailure, useTRPC, type Failure, type Outputs } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button, IconButton } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';

type Mine = Outputs['slots']['get'];
type Slot = Mine['slots'][number];

interface SlotFieldProps {
  slot: Slot;
  isMissing: boolean;
  value: string;
  failure: Failure | null;
  onChange: (value: string) => void;
  onTake: () => void;
}

function SlotField({ slot, isMissing, value, failure, onChange, onTake }: SlotFieldProps) {
  const { t } = useTranslation();
  const label = slot.label === '' ? slot.name : slot.label;
  const note = (
    <Badge tone={isMissing ? 'warn' : 'ok'}>{t(isMissing ? 'credentials.notFilled' : 'credentials.filled')}</Badge>
  );
  return (
    <div className="flex items-end gap-2">
      <Field
        className="flex-1"
        label={label}
        note={note}
        hint={slot.description || undefined}
        error={fieldMessage(failure, `values.${slot.name}`)}
      >
        <Input
          mono
          type={slot.secret ? 'password' : 'text'}
          autoComplete="off"
          value={value}
          placeholder={slot.secret && slot.filled ? t('credentials.keep') : ''}
          onChange={({ target }) => onChange(target.value)}
        />
      </Field>
      {slot.filled && (
        <IconButton label={t('credentials.take', { name: label })} onClick={onTake}>
          <X aria-hidden className="size-4" />
        </IconButton>
      )}
    </div>
  );
}

/** What is still missing, as the fields are called. */
function labelsOf({ slots, missing }: Mine): string[] {
  return slots.flatMap(({ name, label }) => (missing.includes(name) ? [label === '' ? name : label] : []));
}

/** What the person typed, without what is there already. */
function changesOf(slots: readonly Slot[], typed: Readonly<Record<string, string>>): Record<string, string> {
  const changed = slots.flatMap(({ name, value }) => {
    const given = typed[name] ?? '';
    return given === '' || given === value ? [] : [[name, given] as const];
  });
  return Object.fromEntries(changed);
}

function CredentialsForm({ mine }: { mine: Mine }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [typed, setTyped] = useState<Record<string, string>>({});
  const fill = useMutation(
    trpc.slots.fill.mutationOptions({
      onSuccess: async (next) => {
        toast.ok(t('common.saved'));
        setTyped({});
        queryClient.setQueryData(trpc.slots.get.queryKey({ id: mine.id }), next);
        await queryClient.invalidateQueries(trpc.servers.pathFilter());
      },
    }),
  );
  const failure = fill.error ? toFailure(fill.error) : null;
  const values = changesOf(mine.slots, typed);
  function save(event: FormEvent) {
    event.preventDefault();
    fill.mutate({ id: mine.id, values });
  }
  return (
    <form onSubmit={save} noValidate className="flex flex-col gap-4">
      <p className="text-sm text-ink-2">{t('credentials.hint')}</p>
      {mine.slots.map((slot) => (
        <SlotField
          key={slot.name}
          slot={slot}
          isMissing={mine.missing.includes(slot.name)}
          value={typed[slot.name] ?? slot.value ?? ''}
          failure={failure}
          onChange={(value) => setTyped({ ...typed, [slot.name]: value })}
          onTake={() => fill.mutate({ id: mine.id, values: { [slot.name]: null } })}
        />
      ))}
      {failure && (
        <Callout alert tone="bad" title={t('common.refused')}>
          {failure.message}
        </Callout>
      )}
      {mine.missing.length > 0 ? (
        <Callout tone="warn" title={t('credentials.stillMissing', { names: labelsOf(mine).join(', ') })} />
      ) : (
        <Callout tone="ok" title={t('credentials.ready')} />
      )}
      <Button
        type="submit"
        look="primary"
        className="self-start"
        busy={fill.isPending}
        disabled={Object.keys(values).length === 0}
      >
        {t('common.saveChanges')}
      </Button>
    </form>
  );
}

/** What the server takes of the person alone. */
export function ServerCredentials() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id, name } = useServer();
  const { data, error, refetch } = useQuery(trpc.slots.get.queryOptions({ id }));
  if (error !== null) {
    return <LoadFailed title={t('credentials.loadFailed')} error={error} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return null;
  return (
    <Card title={t('credentials.ofServer', { name })}>
      {data.slots.length === 0 ? (
        <Empty icon={<KeyRound />} title={t('credentials.noneHere')}>
          {t('credentials.noneHint')}
        </Empty>
      ) : (
        <CredentialsForm mine={data} />
      )}
    </Card>
  );
}
