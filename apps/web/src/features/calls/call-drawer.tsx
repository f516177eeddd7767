import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CallRecord } from '../../lib/api-types.ts';
import { keyOf, personOf, reasonOf } from '../../lib/call-words.ts';
import { exactTime } from '../../lib/format.ts';
import { minutesAround } from '../../lib/time-range.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { CallOutcome } from '../../ui/calls/call-rows.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { buttonClass } from '../../ui/form/button.tsx';
import { Fact, Facts } from '../../ui/layout/card.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import { Duration } from '../../ui/text/time.tsx';
import { TraceId } from '../../ui/text/trace-id.tsx';
import { ChangeRecording, Recorded } from './recorded.tsx';

const playable = ['tools/call', 'prompts/get', 'resources/read'] as const;

function What({ call }: { call: CallRecord }) {
  const { t } = useTranslation();
  return (
    <>
      {call.serverId !== null && (
        <Fact name={t('common.server')}>
          <Link
            to="/servers/$id"
            params={{ id: call.serverId }}
            className="font-medium text-accent-text underline underline-offset-2"
          >
            {call.serverId}
          </Link>
        </Fact>
      )}
      <Fact name={t('call.method')}>
        <code className="font-mono text-sm">{call.method}</code>
      </Fact>
      {call.name !== null && (
        <Fact name={t('call.what')}>
          <CopyText text={call.name} />
        </Fact>
      )}
      <Fact name={t('calls.endpoint')}>
        <code className="font-mono text-sm">{call.endpoint === 'all' ? '/mcp' : `/mcp/${call.endpoint}`}</code>
      </Fact>
    </>
  );
}

function Who({ call }: { call: CallRecord }) {
  const { t } = useTranslation();
  const key = keyOf(call);
  return (
    <>
      <Fact name={t('call.person')}>
        <span className="font-medium">{personOf(call, t)}</span>
      </Fact>
      <Fact name={t('call.key')}>{key ?? t('calls.noKey')}</Fact>
    </>
  );
}

const ways = ['mcp', 'playground', 'rest'] as const;

/** Where one goes from a call: to try it again, or to what was logged of it. */
function Onward({ call }: { call: CallRecord }) {
  const { t } = useTranslation();
  const method = playable.find((each) => each === call.method);
  return (
    <div className="flex flex-wrap gap-2">
      {method !== undefined && call.serverId !== null && call.name !== null && (
        <Link
          to="/playground"
          search={{ server: call.serverId, method, name: call.name }}
          className={buttonClass('secondary')}
        >
          {t('calls.tryAgain')}
        </Link>
      )}
      {call.requestId !== null && (
        <Link
          to="/log"
          search={{ request: call.requestId, ...minutesAround(call.startedAt, call.startedAt + call.durationMs) }}
          className={buttonClass('secondary')}
        >
          {t('calls.toLog')}
        </Link>
      )}
    </div>
  );
}

/** `whole`: whether arguments and result are in it, where they were recorded. */
function CallFacts({ call, whole }: { call: CallRecord; whole: boolean }) {
  const { t, i18n } = useTranslation();
  const reason = reasonOf(call, t);
  const way = ways.find((each) => each === call.via);
  return (
    <div className="flex flex-col gap-5">
      {reason !== null && (
        <Callout tone={call.outcome === 'tool_error' ? 'warn' : 'bad'} title={<CallOutcome outcome={call.outcome} />}>
          <p className="break-words whitespace-pre-wrap">
            {reason} {call.errorMessage === null && <ChangeRecording serverId={call.serverId} />}
          </p>
          {call.errorCode !== null && (
            <p className="mt-1 font-mono text-xs">{t('call.code', { code: call.errorCode })}</p>
          )}
        </Callout>
      )}
      <Facts>
        <Fact name={t('call.outcome')}>
          <CallOutcome outcome={call.outcome} />
        </Fact>
        <Fact name={t('call.when')}>{exactTime(call.startedAt, i18n.language)}</Fact>
        <Fact name={t('call.duration')}>
          <Duration ms={call.durationMs} />
        </Fact>
        <What call={call} />
        <Who call={call} />
        <Fact name={t('call.client')}>{call.clientName ?? '–'}</Fact>
        <Fact name={t('calls.via')}>{way ? t(`call.ways.${way}`) : call.via}</Fact>
        {call.address != null && (
          <Fact name={t('call.address')}>
            <CopyText text={call.address} />
          </Fact>
        )}
        {call.requestId !== null && (
          <Fact name={t('call.requestId')}>
            <CopyText text={call.requestId} />
          </Fact>
        )}
        {call.traceId != null && (
          <Fact name={t('call.traceId')}>
            <TraceId id={call.traceId} />
          </Fact>
        )}
      </Facts>
      {whole ? <Recorded call={call} /> : call.method === 'tools/call' && <SkeletonRows rows={2} />}
      <Onward call={call} />
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
    trpc.calls.get.queryOptions({ id: id ?? '' }, { enabled: id !== undefined, staleTime: Infinity }),
  );
  const call = query.data ?? known;
  return (
    <Dialog
      shape="right"
      open={id !== undefined}
      onClose={onClose}
      title={call?.name ?? call?.method ?? t('calls.one')}
      subtitle={id !== undefined && <CopyText text={id} />}
    >
      {call && <CallFacts call={call} whole={query.data !== undefined} />}
      {!call && query.isError && (
        <Callout tone="bad" title={t('calls.gone')}>
          {toFailure(query.error).message}
        </Callout>
      )}
      {!call && query.isPending && <SkeletonRows rows={6} />}
    </Dialog>
  );
}
