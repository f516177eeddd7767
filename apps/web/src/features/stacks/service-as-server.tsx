import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { StackService } from '../../lib/api-types.ts';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { useStackPage } from './stack-context.ts';

interface ServiceAsServerProps {
  service: StackService;
  open: boolean;
  onClose: () => void;
}

/** The ports of the service that are published; what is listened on is the container's own. */
function publishedPorts({ containers }: StackService): string[] {
  const ports = containers.flatMap(({ ports: all }) => Object.keys(all));
  return [...new Set(ports.filter((port) => port.endsWith('/tcp')).map((port) => port.replace(/\/tcp$/, '')))];
}

function ServerForm({ id, service, onDone }: { id: string; service: StackService; onDone: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const { stack } = useStackPage();
  const [draft, setDraft] = useState({
    name: service.name,
    port: publishedPorts(service)[0] ?? '',
    path: '/mcp',
    sse: false,
  });
  const make = useMutation(
    trpc.servers.fromService.mutationOptions({
      onSuccess: async (server) => {
        toast.ok(t('container.serverMade', { name: server.name }));
        onDone();
        await queryClient.invalidateQueries(trpc.servers.list.pathFilter());
        await navigate({ to: '/servers/$id', params: { id: server.id } });
      },
    }),
  );
  const failure = make.error ? toFailure(make.error) : null;
  function submit(event: FormEvent) {
    event.preventDefault();
    const { name, port, path, sse } = draft;
    make.mutate({ stackId: stack.id, service: service.name, port: Number(port), path, sse, name: name.trim() });
  }
  return (
    <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-5">
      <p className="text-sm text-ink-2">{t('stacks.asServerLead')}</p>
      <Field label={t('common.name')} error={fieldMessage(failure, 'name')}>
        <Input value={draft.name} onChange={(event) => setDraft({ ...draft, name: event.target.value })} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('container.port')} hint={t('stacks.portHint')} error={fieldMessage(failure, 'port')}>
          <Input
            inputMode="numeric"
            placeholder="8080"
            value={draft.port}
            onChange={(event) => setDraft({ ...draft, port: event.target.value })}
          />
        </Field>
        <Field label={t('container.httpPath')} error={fieldMessage(failure, 'path')}>
          <Input mono value={draft.path} onChange={(event) => setDraft({ ...draft, path: event.target.value })} />
        </Field>
      </div>
      <SwitchRow
        label={t('stacks.speaksSse')}
        hint={t('stacks.speaksSseHint')}
        checked={draft.sse}
        onChange={(sse) => setDraft({ ...draft, sse })}
      />
      {failure && (
        <Callout alert tone="bad" title={t('common.refused')}>
          {failure.message}
        </Callout>
      )}
    </form>
  );
}

/** Makes a service that speaks MCP a server of the hub. */
export function ServiceAsServer({ service, open, onClose }: ServiceAsServerProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('stacks.asServer')}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={id} look="primary">
            {t('container.makeServer')}
          </Button>
        </>
      }
    >
      <ServerForm id={id} service={service} onDone={onClose} />
    </Dialog>
  );
}
