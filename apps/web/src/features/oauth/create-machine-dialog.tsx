import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CreatedMachine } from '../../lib/api-types.ts';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { CopyButton } from '../../ui/text/copy.tsx';
import { GrantBounds } from './grant-bounds.tsx';
import { emptyMachine, isReady, scopeChoices, toMachine } from './machine-draft.ts';
import { ScopeChoices } from './scope-choices.tsx';

function Copied({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <p className="mb-1.5 text-sm font-medium">{label}</p>
      <div className="flex flex-wrap items-center gap-3 rounded-md border border-line bg-sunken p-3">
        <code className="min-w-0 flex-1 font-mono text-sm break-all">{value}</code>
        <CopyButton text={value} />
      </div>
    </div>
  );
}

function Created({ machine, onClose }: { machine: CreatedMachine; onClose: () => void }) {
  const { t } = useTranslation();
  const { base } = useInstance();
  return (
    <Dialog
      open
      onClose={onClose}
      title={machine.name}
      footer={
        <Button look="primary" onClick={onClose}>
          {t('common.done')}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Callout tone="warn" title={t('common.shownOnce')}>
          {t('oauth.machine.secretHint')}
        </Callout>
        <Copied label={t('oauth.machine.clientId')} value={machine.clientId} />
        <Copied label={t('oauth.machine.secret')} value={machine.clientSecret} />
        <Copied label={t('oauth.machine.tokenUrl')} value={`${base}/oauth/token`} />
      </div>
    </Dialog>
  );
}

/** The endpoints that there are, beside the one of all servers. */
function EndpointSelect({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  const groups = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
  return (
    <Select name="endpoint" value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{t('common.allServers')} · /mcp</option>
      {groups.data?.items.map(({ id, displayName }) => (
        <option key={id} value={id}>
          {displayName} · /mcp/{id}
        </option>
      ))}
      {servers.data?.items.map(({ id, name }) => (
        <option key={id} value={id}>
          {name} · /mcp/{id}
        </option>
      ))}
    </Select>
  );
}

/** Makes a client that signs in by itself, and shows its secret, once. */
export function CreateMachineDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(emptyMachine);
  const create = useMutation(
    trpc.oauth.machines.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.oauth.machines.list.pathFilter()),
    }),
  );
  const failure = create.error ? toFailure(create.error) : null;
  const nameError = fieldMessage(failure, 'name');
  function close() {
    create.reset();
    setDraft(emptyMachine);
    onClose();
  }
  if (open && create.data) return <Created machine={create.data} onClose={close} />;
  return (
    <FormDialog
      open={open}
      onClose={close}
      title={t('oauth.machine.create')}
      action={t('oauth.machine.createAction')}
      busy={create.isPending}
      incomplete={!isReady(draft)}
      problem={failure && nameError === null ? failure.message : null}
      onSubmit={() => create.mutate(toMachine(draft))}
    >
      <Field label={t('common.name')} hint={t('oauth.machine.nameHint')} error={nameError}>
        <Input
          name="name"
          autoComplete="off"
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
      </Field>
      <Field label={t('oauth.reaches')}>
        <EndpointSelect
          value={draft.endpoint}
          onChange={(endpoint) => setDraft({ ...draft, endpoint, servers: null, tools: null })}
        />
      </Field>
      <ScopeChoices asked={scopeChoices} value={draft.scopes} onChange={(scopes) => setDraft({ ...draft, scopes })} />
      <Disclosure title={t('oauth.narrow')}>
        <GrantBounds
          endpoint={draft.endpoint === '' ? null : draft.endpoint}
          draft={draft}
          onChange={(bounds) => setDraft({ ...draft, ...bounds })}
        />
      </Disclosure>
    </FormDialog>
  );
}
