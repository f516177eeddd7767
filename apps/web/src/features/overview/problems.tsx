import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Server } from '../../lib/api-types.ts';
import { tellReason } from '../../lib/reasons.ts';
import { isProblem, stateOf } from '../../lib/server-state.ts';
import { NextRetry, ServerState } from '../../ui/feedback/server-state.tsx';
import { buttonClass } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';

const shownAtMost = 5;

function whyOf({ error, errorReason, message, messageReason }: Server['status'], t: TFunction): string {
  return error === null ? tellReason(messageReason, message, t) : tellReason(errorReason, error, t);
}

/** Servers that want somebody, each with the next step. */
export function Problems({ servers }: { servers: Server[] | undefined }) {
  const { t } = useTranslation();
  const troubled = servers?.filter((server) => isProblem(stateOf(server)) || server.missing.length > 0) ?? [];
  if (troubled.length === 0) return null;
  return (
    <Card flush title={t('overview.problems', { count: troubled.length })}>
      <ul>
        {troubled.slice(0, shownAtMost).map((server) => (
          <li
            key={server.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0"
          >
            <div className="min-w-0 flex-1 basis-64">
              <div className="flex flex-wrap items-center gap-x-3">
                <Link to="/servers/$id" params={{ id: server.id }} className="font-medium hover:underline">
                  {server.name}
                </Link>
                <span className="text-sm">
                  <ServerState server={server} />
                </span>
                <NextRetry server={server} />
              </div>
              <p className="truncate text-sm text-ink-3">
                {server.missing.length > 0
                  ? t('state.missing', { names: server.missing.join(', ') })
                  : whyOf(server.status, t)}
              </p>
            </div>
            <div className="flex gap-2">
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
            </div>
          </li>
        ))}
      </ul>
      {troubled.length > shownAtMost && (
        <Link
          to="/servers"
          search={{ state: 'problems' }}
          className="block border-t border-line px-4 py-2.5 text-sm font-medium text-accent-text hover:underline"
        >
          {t('overview.allProblems', { count: troubled.length })}
        </Link>
      )}
    </Card>
  );
}
