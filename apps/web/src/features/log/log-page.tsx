import { useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowDownToLine, Pause, Play, ScrollText } from 'lucide-react';
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../ui/feedback/empty.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { ScrollRegion } from '../../ui/layout/scroll-region.tsx';
import { CopyButton } from '../../ui/text/copy.tsx';
import { LogFilters, type LogChange } from './log-filters.tsx';
import { LogLine, toText } from './log-line.tsx';
import { LogSearch } from './search.ts';
import { useLog, type LogRecord } from './use-log.ts';

interface LinesProps {
  records: readonly LogRecord[];
  loading: boolean;
  filtered: boolean;
  onRequest: (id: string) => void;
  onTrace: (id: string) => void;
  older: ReturnType<typeof useLog>['older'];
  onOlder: () => void;
}

/** Keeps what is looked at in its place where records come in before it. */
function useSteadyPlace(box: RefObject<HTMLDivElement | null>, first: string | undefined) {
  const before = useRef({ first, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const { first: known, height } = before.current;
    if (known !== undefined && first !== known) element.scrollBy(0, Math.max(0, element.scrollHeight - height));
    before.current = { first, height: element.scrollHeight };
  });
}

/** The records, the newest at the end. Scrolling up stops following; the button goes back to the end. */
function Lines({ records, loading, filtered, onRequest, onTrace, older, onOlder }: LinesProps) {
  const { t } = useTranslation();
  const [follow, setFollow] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  useSteadyPlace(box, records[0]?.id);
  useLayoutEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  function onScroll() {
    const element = box.current;
    if (element) setFollow(element.scrollHeight - element.scrollTop - element.clientHeight < 24);
  }
  return (
    <div className="relative">
      <ScrollRegion
        ref={box}
        role="log"
        label={t('log.title')}
        onScroll={onScroll}
        className="h-[min(48rem,65dvh)] py-2"
      >
        {loading &&
          records.length === 0 &&
          Array.from({ length: 8 }, (_, index) => <Skeleton key={index} className="mx-4 my-1.5 h-3 w-2/3" />)}
        {!loading && records.length === 0 && (
          <Empty icon={<ScrollText />} title={t(filtered ? 'logs.noMatch' : 'logs.none')}>
            {filtered ? undefined : t('log.noneHint')}
          </Empty>
        )}
        {records.length > 0 && older !== 'done' && (
          <div className="flex justify-center pb-2">
            <Button
              size="sm"
              look="ghost"
              busy={older === 'reading'}
              onClick={() => {
                setFollow(false);
                onOlder();
              }}
            >
              {t('log.older')}
            </Button>
          </div>
        )}
        {records.map((record) => (
          <LogLine key={record.id} record={record} onRequest={onRequest} onTrace={onTrace} />
        ))}
      </ScrollRegion>
      {!follow && records.length > 0 && (
        <Button
          size="sm"
          className="absolute right-4 bottom-3 shadow-lift"
          icon={<ArrowDownToLine aria-hidden className="size-3.5" />}
          onClick={() => setFollow(true)}
        >
          {t('logs.follow')}
        </Button>
      )}
    </div>
  );
}

/** What the hub, its servers and people wrote, in one stream. */
export function LogPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/log' });
  const navigate = useNavigate({ from: '/log' });
  const { records, settled, failure, waiting, paused, pause, resume, older, readOlder } = useLog(search);
  const change = useCallback(
    (next: LogChange) => {
      const cleaned = Object.fromEntries(Object.entries(next).map(([key, value]) => [key, value || undefined]));
      void navigate({ search: (old) => LogSearch.parse({ ...old, ...cleaned }), replace: true });
    },
    [navigate],
  );
  const onRequest = useCallback((request: string) => change({ request, trace: '', server: '', q: '' }), [change]);
  const onTrace = useCallback((trace: string) => change({ trace, request: '', server: '', q: '' }), [change]);
  const filtered = Object.values(search).some((value) => value !== undefined);
  return (
    <Page title={t('log.title')} lead={t('log.lead')}>
      <section
        aria-label={t('log.title')}
        className="overflow-hidden rounded-lg border border-line bg-surface shadow-rest"
      >
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-3">
          <LogFilters search={search} onChange={change} />
          {filtered && (
            <Button size="sm" look="ghost" onClick={() => void navigate({ search: {}, replace: true })}>
              {t('common.clearFilters')}
            </Button>
          )}
          <div className="ml-auto flex gap-2">
            <CopyButton text={records.map(toText).join('\n')} />
            <Button
              size="sm"
              onClick={paused ? resume : pause}
              icon={paused ? <Play aria-hidden className="size-3.5" /> : <Pause aria-hidden className="size-3.5" />}
            >
              {paused ? t('log.resume', { count: waiting }) : t('log.pause')}
            </Button>
          </div>
        </div>
        {failure !== null && (
          <p role="alert" className="border-b border-line bg-bad-soft px-4 py-2 text-sm break-words">
            <span className="font-medium">{t('logs.failed')}.</span> {failure}
          </p>
        )}
        <Lines
          records={records}
          loading={!settled && failure === null}
          filtered={filtered}
          onRequest={onRequest}
          onTrace={onTrace}
          older={older}
          onOlder={() => void readOlder()}
        />
      </section>
    </Page>
  );
}
