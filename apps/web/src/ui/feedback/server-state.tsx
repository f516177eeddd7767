import { useTranslation } from 'react-i18next';
import type { Server } from '../../lib/api-types.ts';
import { stateLooks, stateOf, triesAgain } from '../../lib/server-state.ts';
import { Countdown } from '../text/time.tsx';
import { Status } from './status.tsx';

export function ServerState({ server, className }: { server: Server; className?: string }) {
  const { t } = useTranslation();
  const state = stateOf(server);
  return (
    <Status {...stateLooks[state]} label={t(`state.${state}`)} {...(className === undefined ? {} : { className })} />
  );
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
