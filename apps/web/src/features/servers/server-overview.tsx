import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Server } from '../../lib/api-types.ts';
import { count } from '../../lib/format.ts';
import { hintOf, tellReason } from '../../lib/reasons.ts';
import { useServer } from '../../lib/server-context.ts';
import { stateOf } from '../../lib/server-state.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { NextRetry, ServerState } from '../../ui/feedback/server-state.tsx';
import { buttonClass } from '../../ui/form/button.tsx';
import { Card, Fact, Facts } from '../../ui/layout/card.tsx';
import { Elapsed, Time } from '../../ui/text/time.tsx';
import { IdentityCard } from './identity-card.tsx';
import { LastHour } from './last-hour.tsx';
import { SignInBox } from './sign-in-box.tsx';
import { SignedInCard } from './signed-in-card.tsx';

/** Where the person is with signing in to a server that may ask for it; null while that is not known, or for others. */
function useSignInState({ id, kind, can }: Server) {
  const trpc = useTRPC();
  const isRemote = kind === 'sse' || kind === 'streamable-http';
  const { data = null } = useQuery(trpc.signIns.get.queryOptions({ id }, { enabled: isRemote && can.use }));
  return data;
}

function Trouble({ server }: { server: Server }) {
  const { t } = useTranslation();
  const state = stateOf(server);
  const signIn = useSignInState(server);
  if (state === 'needs-sign-in' || signIn?.wanted === true) {
    if (signIn !== null) return <SignInBox id={server.id} state={signIn} />;
    return <Callout tone="warn" title={t('servers.detail.needsSignIn')} />;
  }
  if (server.desired !== 'on' || server.status.error === null) return null;
  const hint = hintOf(server.status.errorReason, t);
  return (
    <Callout
      tone="bad"
      title={t('servers.detail.failing', { count: server.status.failures })}
      actions={
        <>
          {server.can.logs && (
            <Link to="/servers/$id/logs" params={{ id: server.id }} className={buttonClass('secondary', 'sm')}>
              {t('state.readLogs')}
            </Link>
          )}
          {server.can.configure && (
            <Link to="/servers/$id/settings" params={{ id: server.id }} className={buttonClass('secondary', 'sm')}>
              {t('state.editSettings')}
            </Link>
          )}
        </>
      }
    >
      <p className="font-mono break-words">{tellReason(server.status.errorReason, server.status.error, t)}</p>
      {hint !== null && <p className="mt-2">{hint}</p>}
      <NextRetry server={server} />
    </Callout>
  );
}

function OwnCredentials({ server: { id, missingSlots } }: { server: Server }) {
  const { t } = useTranslation();
  const isMissing = missingSlots.length > 0;
  return (
    <Callout
      tone={isMissing ? 'warn' : 'info'}
      title={isMissing ? t('servers.slots.missing', { names: missingSlots.join(', ') }) : t('servers.slots.yours')}
      actions={
        <Link
          to="/servers/$id/credentials"
          params={{ id }}
          className={buttonClass(isMissing ? 'primary' : 'secondary', 'sm')}
        >
          {t('servers.slots.open')}
        </Link>
      }
    >
      {!isMissing && <p>{t('servers.slots.filled')}</p>}
    </Callout>
  );
}

function StateCard({ server }: { server: Server }) {
  const { t, i18n } = useTranslation();
  const { status } = server;
  return (
    <Card title={t('servers.detail.state')}>
      <Facts>
        <Fact name={t('common.state')}>
          <ServerState server={server} />
          {status.message !== '' &&
            (status.error === null || status.phase === 'starting') &&
            status.phase !== 'running' && (
              <p className="text-sm text-ink-3">{tellReason(status.messageReason, status.message, t)}</p>
            )}
        </Fact>
        <Fact name={t('servers.detail.uptime')}>
          <Elapsed since={status.startedAt} />
        </Fact>
        <Fact name={t('servers.detail.instances')}>
          <span className="tabular">
            {t('servers.detail.instancesOf', { count: status.instances, max: server.limits.maxInstances })}
          </span>
        </Fact>
        <Fact name={t('servers.detail.inFlight')}>
          <span className="tabular">{count(status.inFlight, i18n.language)}</span>
        </Fact>
        <Fact name={t('servers.lastActivity')}>
          <Time value={status.lastActivityAt} none={t('common.never')} />
        </Fact>
        <Fact name={t('servers.callsLastHour')}>
          <LastHour calls={server.calls} />
        </Fact>
        {status.pid !== null && (
          <Fact name={t('servers.detail.pid')}>
            <code className="font-mono text-sm">{status.pid}</code>
          </Fact>
        )}
      </Facts>
    </Card>
  );
}

export function ServerOverview() {
  const { t } = useTranslation();
  const server = useServer();
  const signIn = useSignInState(server);
  return (
    <div className="flex flex-col gap-4">
      <Trouble server={server} />
      {server.missing.length > 0 && (
        <Callout tone="warn" title={t('state.missing', { names: server.missing.join(', ') })}>
          {t(server.url === null ? 'servers.detail.missingHint' : 'servers.detail.missingHintRemote')}
        </Callout>
      )}
      {server.slots.length > 0 && server.can.use && <OwnCredentials server={server} />}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <StateCard server={server} />
        <IdentityCard server={server} />
        {typeof signIn?.held === 'object' && <SignedInCard signedIn={signIn.held} who={signIn.who} />}
      </div>
    </div>
  );
}
