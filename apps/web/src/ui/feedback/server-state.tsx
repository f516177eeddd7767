import { useTranslation } from 'react-i18next';
import type { Server } from '../../lib/api-types.ts';
import { stateLooks, stateOf, triesAgain } from '../../lib/server-state.ts';
import { Countdown } from '../text/time.tsx';
import { Status } from './status.tsx';

/** A server that waits for people is asleep until somebody gives what it needs. */
function waitsFor({ status, missingSlots }: Server): 'needs-credentials' | 'needs-sign-in' | null {
  const code = status.phase === 'stopped' ? status.messageReason?.code : undefined;
  if (code !== 'nobodyYet' && code !== 'nobodyFits') return null;
  return missingSlots.length > 0 || code === 'nobodyFits' ? 'needs-credentials' : 'needs-sign-in';
}

export function ServerState({ server, className }: { server: Server; className?: string }) {
  const { t } = useTranslation();
  const state = stateOf(server);
  const wait = state === 'asleep' ? waitsFor(server) : null;
  const looks = stateLooks[wait === null ? state : 'needs-sign-in'];
  return <Status {...looks} label={t(`state.${wait ?? state}`)} {...(className === undefined ? {} : { className })} />;
}

/** When the hub tries again by itself, counted down, or that it does so now. */
export function NextRetry({ server }: { server: Server }) {
  const { t } = useTranslation();
  const { nextRetryAt } = server.status;
  if (triesAgain(server)) return <span className="text-xs text-ink-3">{t('state.tryingAgain')}</span>;
  if (nextRetryAt === null || server.desired !== 'on') return null;
  return (
    <span className="text-xs text-ink-3">
      {t('state.retryIn')} <Countdown until={nextRetryAt} />
    </span>
  );
}
