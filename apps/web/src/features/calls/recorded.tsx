import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CallRecord } from '../../lib/api-types.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Json } from '../../ui/text/code.tsx';

/** Leads to where a server's recording is set, for who may set it; of a server that is gone nobody may. */
export function ChangeRecording({ serverId }: { serverId: string | null }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const server = useQuery(
    trpc.servers.get.queryOptions({ id: serverId ?? '' }, { enabled: serverId !== null, retry: false }),
  );
  if (serverId === null || server.data?.can.configure !== true) return null;
  return (
    <Link
      to="/servers/$id/settings"
      params={{ id: serverId }}
      hash="recording"
      className="font-medium text-accent-text underline underline-offset-2"
    >
      {t('calls.recording.change')}
    </Link>
  );
}

/** Arguments and result of a call, or that they were not recorded. */
export function Recorded({ call }: { call: CallRecord }) {
  const { t } = useTranslation();
  if (call.method !== 'tools/call') return null;
  const parts = [
    { name: t('calls.arguments'), missing: t('calls.argumentsNotRecorded'), value: call.arguments },
    { name: t('calls.result'), missing: t('calls.resultNotRecorded'), value: call.result },
  ];
  return parts.map(({ name, missing, value }) => (
    <section key={name}>
      <h3 className="mb-1.5 text-sm font-semibold">{name}</h3>
      {value === undefined ? (
        <p className="text-sm text-ink-3">
          {missing} <ChangeRecording serverId={call.serverId} />
        </p>
      ) : (
        <Json value={value} label={name} />
      )}
    </section>
  ));
}
