import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Box, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hasField } from '@switchboard/core/servers/schema';
import type { Server } from '../../lib/api-types.ts';
import { useServer } from '../../lib/server-context.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { NetworkFields } from './container-confinement.tsx';
import { emptyContainer, toSettings, type ContainerDraft } from './container-draft.ts';

/** Programs that fetch what they run. */
const runners = /(^|\/)(npx|uvx|bunx|pnpx|pipx|deno)$/;

/** What follows once a server has another home. */
function useMoved(): (server: Server) => Promise<void> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return async (server) => {
    queryClient.setQueryData(trpc.servers.get.queryKey({ id: server.id }), server);
    await queryClient.invalidateQueries(trpc.servers.list.pathFilter());
  };
}

function MoveDialog({ server, base, onClose }: { server: Server; base: string; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const toast = useToast();
  const moved = useMoved();
  const [draft, setDraft] = useState<ContainerDraft>({ ...emptyContainer(), image: base });
  const move = useMutation(
    trpc.servers.toContainer.mutationOptions({
      onSuccess: async (next) => {
        toast.ok(t('servers.move.done', { name: next.name }));
        onClose();
        await moved(next);
      },
    }),
  );
  const failure = move.error ? toFailure(move.error) : null;
  const { image, network } = toSettings(draft);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('servers.move.title', { name: server.name })}
      subtitle={t('servers.move.explained')}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            look="primary"
            busy={move.isPending}
            disabled={image === ''}
            onClick={() => move.mutate({ id: server.id, image, ...(network && { network }) })}
          >
            {t('servers.move.action')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Field label={t('servers.container.image')} hint={t('servers.move.imageHint')} required>
          <Input
            mono
            data-autofocus
            value={draft.image}
            placeholder="node:24"
            onChange={(event) => setDraft({ ...draft, image: event.target.value })}
          />
        </Field>
        <NetworkFields container={draft} set={(change) => setDraft({ ...draft, ...change })} failure={failure} />
        {network?.kind === 'none' && runners.test(server.command ?? '') && (
          <Callout tone="info" title={t('servers.move.runner', { command: server.command ?? '' })} />
        )}
        {failure && (
          <Callout alert tone="bad" title={t('servers.move.failed')}>
            {failure.message}
          </Callout>
        )}
      </div>
    </Dialog>
  );
}

/** Moves a process into a container and back. */
export function MoveCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const server = useServer();
  const toast = useToast();
  const moved = useMoved();
  const [open, setOpen] = useState(false);
  const info = useQuery(trpc.system.info.queryOptions());
  const back = useMutation(
    trpc.servers.toProcess.mutationOptions({
      onSuccess: async (next) => {
        toast.ok(t('servers.move.back', { name: next.name }));
        await moved(next);
      },
      onError: (error) => toast.bad(t('servers.move.failed'), toFailure(error).message),
    }),
  );
  const isProcess = hasField(server.kind, 'account');
  if (!isProcess && server.container?.process == null) return null;
  return (
    <Card title={t('servers.move.card')}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-md text-ink-2">{isProcess ? t('servers.move.hint') : t('servers.move.backHint')}</p>
        {isProcess ? (
          <Button icon={<Box aria-hidden className="size-4" />} onClick={() => setOpen(true)}>
            {t('servers.move.open')}
          </Button>
        ) : (
          <Button
            icon={<Undo2 aria-hidden className="size-4" />}
            busy={back.isPending}
            onClick={() => back.mutate({ id: server.id })}
          >
            {t('servers.move.backAction')}
          </Button>
        )}
      </div>
      {open && <MoveDialog server={server} base={info.data?.containerBaseImage ?? ''} onClose={() => setOpen(false)} />}
    </Card>
  );
}
