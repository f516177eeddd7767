import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowDownToLine, Pause, Play, ScrollText } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { logLevels as levels } from '@switchboard/core/servers/schema';
import type { LogLine } from '../../lib/api-types.ts';
import { clockTime } from '../../lib/format.ts';
import { useLiveLogs } from '../../lib/live/live.tsx';
import { useServer } from '../../lib/server-context.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { cx } from '../../ui/class-names.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Button } from '../../ui/form/button.tsx';
import { SearchInput } from '../../ui/form/input.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { ScrollRegion } from '../../ui/layout/scroll-region.tsx';
import { CopyButton } from '../../ui/text/copy.tsx';
import { mergeLines } from './log-lines.ts';
import { LogsSearch } from './search.ts';

const levelTone = { debug: 'text-ink-3', info: 'text-accent-text', warn: 'text-warn', error: 'text-bad' } as const;

function Line({ line }: { line: LogLine }) {
  return (
    <div className="grid grid-cols-[auto_auto_minmax(0,1fr)] gap-x-3 px-4 py-px font-mono text-xs/5 [contain-intrinsic-size:auto_1.25rem] [content-visibility:auto] hover:bg-hover">
      <time dateTime={new Date(line.time).toISOString()} className="text-ink-3 tabular">
        {clockTime(line.time)}
      </time>
      <span className={cx('w-9', levelTone[line.level])}>{line.level}</span>
      <span className="break-words whitespace-pre-wrap">
        {line.source !== 'stderr' && <span className="text-ink-3">[{line.source}] </span>}
        {line.message}
      </span>
    </div>
  );
}

function useLines(serverId: string) {
  const trpc = useTRPC();
  const [live, setLive] = useState<LogLine[]>([]);
  const [held, setHeld] = useState<LogLine[] | null>(null);
  const first = useQuery(trpc.servers.logs.queryOptions({ id: serverId, limit: 1000 }, { staleTime: 0, gcTime: 0 }));
  useLiveLogs(serverId, (line) => {
    if (held) setHeld((old) => (old ? mergeLines(old, [line]) : old));
    else setLive((old) => mergeLines(old, [line]));
  });
  const lines = useMemo(() => mergeLines(mergeLines([], first.data?.lines ?? []), live), [first.data, live]);
  return {
    loading: first.isPending,
    lines,
    waiting: held?.length ?? 0,
    paused: held !== null,
    pause: () => setHeld([]),
    go: () => {
      setLive((old) => mergeLines(old, held ?? []));
      setHeld(null);
    },
  };
}

/** The server's log as it is written. */
export function LogsTab() {
  const { t } = useTranslation();
  const server = useServer();
  const { q = '', level = 'debug' } = useSearch({ from: '/servers/$id/logs' });
  const navigate = useNavigate({ from: '/servers/$id/logs' });
  const { lines, loading, waiting, paused, pause, go } = useLines(server.id);
  const [follow, setFollow] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const least = levels.indexOf(level);
  const shown = lines.filter(
    (line) => levels.indexOf(line.level) >= least && line.message.toLowerCase().includes(q.toLowerCase()),
  );
  useLayoutEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  function onScroll() {
    const element = box.current;
    if (element) setFollow(element.scrollHeight - element.scrollTop - element.clientHeight < 24);
  }
  return (
    <section
      aria-label={t('servers.tab.logs')}
      className="flex flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-rest"
    >
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-3">
        <SearchInput
          className="w-full sm:w-64"
          label={t('logs.search')}
          value={q}
          onChange={(value) => void navigate({ search: (old) => ({ ...old, q: value || undefined }), replace: true })}
        />
        <Segmented
          small
          label={t('servers.logs.level')}
          value={level}
          onChange={(next) =>
            void navigate({
              search: (old) => ({
                ...old,
                ...LogsSearch.pick({ level: true }).parse({ level: next === 'debug' ? undefined : next }),
              }),
              replace: true,
            })
          }
          options={levels.map((each) => ({ value: each, label: t(`servers.logs.atLeast.${each}`) }))}
        />
        <div className="ml-auto flex gap-2">
          <CopyButton
            text={shown.map((line) => `${new Date(line.time).toISOString()} ${line.level} ${line.message}`).join('\n')}
          />
          <Button
            size="sm"
            onClick={paused ? go : pause}
            icon={paused ? <Play aria-hidden className="size-3.5" /> : <Pause aria-hidden className="size-3.5" />}
          >
            {paused ? t('servers.logs.resume', { count: waiting }) : t('servers.logs.pause')}
          </Button>
        </div>
      </div>
      <div className="relative">
        <ScrollRegion
          ref={box}
          role="log"
          label={t('logs.of', { name: server.name })}
          onScroll={onScroll}
          className="h-[min(36rem,60dvh)] py-2"
        >
          {loading &&
            lines.length === 0 &&
            Array.from({ length: 8 }, (_, index) => <Skeleton key={index} className="mx-4 my-1.5 h-3 w-2/3" />)}
          {!loading && shown.length === 0 && (
            <Empty icon={<ScrollText />} title={lines.length === 0 ? t('logs.none') : t('logs.noMatch')}>
              {lines.length === 0 ? t('servers.logs.noneHint') : undefined}
            </Empty>
          )}
          {shown.map((line) => (
            <Line key={line.seq} line={line} />
          ))}
        </ScrollRegion>
        {!follow && shown.length > 0 && (
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
    </section>
  );
}
