import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { snippet } from '../../lib/snippets.ts';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Code } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input, Select } from '../../ui/input.tsx';

const dayMs = 86_400_000;
const lifetimes = ['0', '7', '30', '90', '365'] as const;
type Lifetime = (typeof lifetimes)[number];

function Created({ value }: { value: string }) {
  const { t } = useTranslation();
  const { endpoint } = useInstance();
  const ready = snippet('claude-code', { name: 'switchboard', url: endpoint(), key: value });
  return (
    <div className="flex flex-col gap-4">
      <Callout tone="warn" title={t('keys.shownOnce')}>
        {t('keys.shownOnceHint')}
      </Callout>
      <div className="flex flex-wrap items-center gap-3 rounded-md border border-line bg-sunken p-3">
        <code className="min-w-0 flex-1 font-mono text-sm break-all" data-testid="new-key">
          {value}
        </code>
        <CopyButton text={value} />
      </div>
      <div>
        <p className="mb-1.5 text-sm font-medium">{t('keys.snippet')}</p>
        <Code wrap text={ready.text} label={t('keys.snippet')} />
      </div>
    </div>
  );
}

/** Makes a key and shows it, once. */
export function CreateKeyDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const formId = useId();
  const [name, setName] = useState('');
  const [days, setDays] = useState<Lifetime>('0');
  const create = useMutation(
    trpc.keys.create.mutationOptions({ onSuccess: () => queryClient.invalidateQueries(trpc.keys.list.pathFilter()) }),
  );
  const failure = create.error ? toFailure(create.error) : null;
  const nameError = fieldMessage(failure, 'name');
  const close = () => {
    create.reset();
    setName('');
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({
      name,
      ...(days === '0' ? {} : { expiresAt: new Date(Date.now() + Number(days) * dayMs).toISOString() }),
    });
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={create.data ? t('keys.createdTitle') : t('keys.create')}
      footer={
        create.data ? (
          <Button look="primary" onClick={close}>
            {t('common.done')}
          </Button>
        ) : (
          <>
            <Button onClick={close}>{t('common.cancel')}</Button>
            <Button type="submit" form={formId} look="primary" busy={create.isPending}>
              {t('keys.createAction')}
            </Button>
          </>
        )
      }
    >
      {create.data ? (
        <Created value={create.data.key} />
      ) : (
        <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
          <Field label={t('keys.name')} hint={t('keys.nameHint')} required error={nameError}>
            <Input
              value={name}
              onChange={(event) => setName(event.target.value)}
              data-autofocus
              placeholder="Claude Code, laptop"
            />
          </Field>
          <Field label={t('keys.expires')}>
            <Select
              value={days}
              onChange={(event) => setDays(lifetimes.find((each) => each === event.target.value) ?? '0')}
            >
              {lifetimes.map((each) => (
                <option key={each} value={each}>
                  {each === '0' ? t('keys.noExpiry') : t('keys.days', { count: Number(each) })}
                </option>
              ))}
            </Select>
          </Field>
          {failure && nameError === null && <Callout alert tone="bad" title={failure.message} />}
        </form>
      )}
    </Dialog>
  );
}
