import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Server } from 'lucide-react';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContainerDetails } from '../../lib/api-types.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { firstPort, toServer, type ServerDraft } from './server-of-container.ts';

interface FormProps {
  id: string;
  container: ContainerDetails;
  create: ReturnType<typeof useCreate>;
}

function useCreate(onDone: () => void) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  return useMutation(
    trpc.servers.create.mutationOptions({
      onSuccess: async (server) => {
        toast.ok(t('container.serverMade', { name: server.name }));
        onDone();
        await queryClient.invalidateQueries(trpc.servers.list.pathFilter());
        await navigate({ to: '/servers/$id', params: { id: server.id } });
      },
    }),
  );
}

function Form({ id, container, create }: FormProps) {
  const { t } = useTranslation();
  const engine = useEngineName();
  const port = firstPort(container);
  const [draft, setDraft] = useState<ServerDraft>({
    name: container.name,
    transport: port === '' ? 'stdio' : 'http',
    port,
    path: '/mcp',
    network: 'none',
  });
  const failure = create.error ? toFailure(create.error) : null;
  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(toServer(container, draft, engine ?? null));
  }
  return (
    <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-5">
      <p className="text-sm text-ink-2">{t('containers.asServerLead')}</p>
      <Field label={t('common.name')} error={fieldMessage(failure, 'name')}>
        <Input value={draft.name} onChange={(event) => setDraft({ ...draft, name: event.target.value })} />
      </Field>
      <div className="flex flex-col gap-1.5">
        <p className="text-sm font-medium">{t('containers.speaks')}</p>
        <Segmented
          label={t('containers.speaks')}
          value={draft.transport}
          onChange={(transport) => setDraft({ ...draft, transport })}
          options={[
            { value: 'stdio', label: t('containers.overStdio') },
            { value: 'http', label: t('containers.overHttp') },
          ]}
        />
      </div>
      {draft.transport === 'http' && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('container.port')} error={fieldMessage(failure, 'container.transport.port')}>
            <Input
              inputMode="numeric"
              value={draft.port}
              onChange={(event) => setDraft({ ...draft, port: event.target.value })}
            />
          </Field>
          <Field label={t('container.httpPath')} error={fieldMessage(failure, 'container.transport.path')}>
            <Input mono value={draft.path} onChange={(event) => setDraft({ ...draft, path: event.target.value })} />
          </Field>
        </div>
      )}
      <div className="flex flex-col gap-1.5">
        <p className="text-sm font-medium">{t('containers.mayReach')}</p>
        <Segmented
          label={t('containers.mayReach')}
          value={draft.network}
          onChange={(network) => setDraft({ ...draft, network })}
          options={[
            { value: 'none', label: t('containers.reachNothing') },
            { value: 'open', label: t('containers.reachAll') },
          ]}
        />
      </div>
      {failure && (
        <Callout alert tone="bad" title={t('common.refused')}>
          {failure.message}
        </Callout>
      )}
    </form>
  );
}

/** Makes an MCP server of the same image and command; the container itself stays as it is. */
export function RunAsServer({ container }: { container: ContainerDetails }) {
  const { t } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  const create = useCreate(() => setOpen(false));
  function close() {
    create.reset();
    setOpen(false);
  }
  return (
    <>
      <Button icon={<Server aria-hidden className="size-4" />} onClick={() => setOpen(true)}>
        {t('container.asServer')}
      </Button>
      <Dialog
        open={open}
        onClose={close}
        title={t('container.asServer')}
        footer={
          <>
            <Button onClick={close}>{t('common.cancel')}</Button>
            <Button type="submit" form={id} look="primary" busy={create.isPending}>
              {t('container.makeServer')}
            </Button>
          </>
        }
      >
        <Form id={id} container={container} create={create} />
      </Dialog>
    </>
  );
}
