import { Activity } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallRecord } from '../../lib/api-types.ts';
import { toFailure } from '../../lib/trpc.ts';
import { CallRows } from '../../ui/calls/call-rows.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { Button } from '../../ui/form/button.tsx';
import { LoadMore } from '../../ui/table/load-more.tsx';
import type { useCalls } from './use-calls.ts';

interface CallsListProps {
  of: ReturnType<typeof useCalls>;
  ofOneServer?: boolean;
  onShow: (call: CallRecord) => void;
  filtered: boolean;
  emptyAction?: ReactNode;
}

export function CallsList({
  of: { calls, searchedTo, query },
  ofOneServer = false,
  onShow,
  filtered,
  emptyAction,
}: CallsListProps) {
  const { t } = useTranslation();
  if (query.isError && !calls) {
    return (
      <div className="p-4">
        <Callout
          tone="bad"
          title={t('calls.loadFailed')}
          actions={
            <Button size="sm" onClick={() => void query.refetch()}>
              {t('common.retry')}
            </Button>
          }
        >
          {toFailure(query.error).message}
        </Callout>
      </div>
    );
  }
  return (
    <>
      <CallRows
        label={t('calls.title')}
        calls={calls}
        ofOneServer={ofOneServer}
        onShow={onShow}
        empty={
          <Empty icon={<Activity />} title={filtered ? t('calls.noMatch') : t('call.none')} actions={emptyAction}>
            {filtered ? undefined : t('call.noneHint')}
          </Empty>
        }
      />
      <LoadMore query={query} searchedTo={searchedTo} />
    </>
  );
}
