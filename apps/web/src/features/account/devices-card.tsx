import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Laptop, TerminalSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SignedIn } from '../../lib/api-types.ts';
import { deviceName } from '../../lib/device-name.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Time } from '../../ui/text/time.tsx';

function Device({ session, busy, onEnd }: { session: SignedIn; busy: boolean; onEnd: () => void }) {
  const { t } = useTranslation();
  const Icon = session.kind === 'token' ? TerminalSquare : Laptop;
  const name = deviceName(session.userAgent) ?? t('devices.unknown');
  return (
    <li className="flex items-center gap-3 border-b border-line px-4 py-3 last:border-0">
      <Icon aria-hidden className="size-5 shrink-0 text-ink-3" strokeWidth={1.75} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium" title={session.userAgent ?? undefined}>
          {name}
          {session.current && <Badge tone="ok">{t('account.devices.current')}</Badge>}
          {session.kind === 'token' && <Badge>{t('account.devices.program')}</Badge>}
        </p>
        <p className="text-sm text-ink-3">
          {session.address !== null && <span className="font-mono text-xs">{session.address} · </span>}
          {t('account.devices.lastSeen')} <Time value={session.lastSeenAt} />
          {' · '}
          {t('account.devices.since')} <Time value={session.createdAt} />
        </p>
      </div>
      {!session.current && (
        <Button size="sm" busy={busy} aria-label={t('account.devices.endOf', { name })} onClick={onEnd}>
          {t('shell.signOut')}
        </Button>
      )}
    </li>
  );
}

/** Where the account is signed in, and the way to end that. */
export function DevicesCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const sessions = useQuery(trpc.account.sessions.queryOptions());
  const settled = {
    onSuccess: () => toast.ok(t('account.devices.ended')),
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    onSettled: () => queryClient.invalidateQueries(trpc.account.sessions.pathFilter()),
  };
  const end = useMutation(trpc.account.endSession.mutationOptions(settled));
  const endOthers = useMutation(trpc.account.endOtherSessions.mutationOptions(settled));
  const others = sessions.data?.some(({ current }) => !current) === true;
  return (
    <Card
      flush
      title={t('devices.title')}
      actions={
        others && (
          <Button size="sm" busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {t('account.devices.endOthers')}
          </Button>
        )
      }
    >
      {sessions.isPending && <SkeletonRows rows={2} className="h-16" />}
      {sessions.isError && !sessions.data && (
        <div className="p-4">
          <LoadFailed
            title={t('account.devices.loadFailed')}
            error={sessions.error}
            onRetry={() => void sessions.refetch()}
          />
        </div>
      )}
      <ul>
        {sessions.data?.map((session) => (
          <Device
            key={session.id}
            session={session}
            busy={end.isPending && end.variables.id === session.id}
            onEnd={() => end.mutate({ id: session.id })}
          />
        ))}
      </ul>
    </Card>
  );
}
