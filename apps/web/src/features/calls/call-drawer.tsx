import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CallRecord } from '../../lib/api-types.ts';
import { exactTime } from '../../lib/format.ts';
import { callError } from '../../lib/told.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { CallOutcome } from '../../ui/call-rows.tsx';
import { Fact, Facts } from '../../ui/card.tsx';
import { CopyText } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Duration } from '../../ui/time.tsx';

const playable = ['tools/call', 'prompts/get', 'resources/read'] as const;

function What({ call }: { call: CallRecord }) {
  const { t } = useTranslation();
  return (
    <>
      {call.serverId !== null && (
        <Fact name={t('calls.server')}>
          <Link
            to="/servers/$id"
            params={{ id: call.serverId }}
            className="font-medium text-accent-text underline underline-offset-2"
          >
            {call.serverId}
          </Link>
        </Fact>
      )}
      <Fact name={t('calls.method')}>
        <code className="font-mono text-sm">{call.method}</code>
      </Fact>
      {call.name !== null && (
        <Fact name={t('calls.what')}>
          <CopyText text={call.name} />
        </Fact>
      )}
      <Fact name={t('calls.endpoint')}>
        <code className="font-mono text-sm">{call.endpoint === 'all' ? '/mcp' : `/mcp/${call.endpoint}`}</code>
      </Fact>
    </>
  );
}

function CallFacts({ call }: { call: CallRecord }) {
  const { t, i18n } = useTranslation();
  const method = playable.find((each) => each === call.method);
  return (
    <div className="flex flex-col gap-5">
      {call.errorMessage !== null && (
        <Callout tone={call.outcome === 'tool_error' ? 'warn' : 'bad'} title={<CallOutcome outcome={call.outcome} />}>
          <p className="break-words whitespace-pre-wrap">{callError(call, t)}</p>
          {call.errorCode !== null && (
            <p className="mt-1 font-mono text-xs">{t('result.code', { code: call.errorCode })}</p>
          )}
        </Callout>
      )}
      <Facts>
        <Fact name={t('calls.outcome')}>
          <CallOutcome outcome={call.outcome} />
        </Fact>
        <Fact name={t('calls.when')}>{exactTime(call.startedAt, i18n.language)}</Fact>
        <Fact name={t('calls.duration')}>
          <Duration ms={call.durationMs} />
        </Fact>
        <What call={call} />
        <Fact name={t('calls.client')}>{call.clientName ?? '–'}</Fact>
        <Fact name={t('calls.via')}>{call.via}</Fact>
        <Fact name={t('calls.credential')}>
          <CopyText text={call.credential} />
        </Fact>
        {call.requestId !== null && (
          <Fact name={t('calls.requestId')}>
            <CopyText text={call.requestId} />
          </Fact>
        )}
      </Facts>
      {method !== undefined && call.serverId !== null && call.name !== null && (
        <div>
          <Link
            to="/playground"
            search={{ server: call.serverId, method, name: call.name }}
            className={buttonClass('secondary')}
          >
            {t('calls.tryAgain')}
          </Link>
        </div>
      )}
    </div>
  );
}

/** One call in full. */
export function CallDrawer({
  id,
  known,
  onClose,
}: {
  id: string | undefined;
  known: CallRecord | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const query = useQuery(
    trpc.calls.get.queryOptions({ id: id ?? '' }, { enabled: id !== undefined && known === undefined }),
  );
  const call = known ?? query.data;
  return (
    <Dialog
      shape="right"
      open={id !== undefined}
      onClose={onClose}
      title={call?.name ?? call?.method ?? t('calls.one')}
      subtitle={id !== undefined && <CopyText text={id} />}
    >
      {call && <CallFacts call={call} />}
      {!call && query.isError && (
        <Callout tone="bad" title={t('calls.gone')}>
          {toFailure(query.error).message}
        </Callout>
      )}
      {!call && query.isPending && <SkeletonRows rows={6} />}
    </Dialog>
  );
}
