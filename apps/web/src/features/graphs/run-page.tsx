import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Play, RotateCcw, Square, StepForward } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Absent } from '../../ui/feedback/absent.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { UsageLine } from '../../ui/rounds/usage-line.tsx';
import { Duration, Elapsed, Time } from '../../ui/text/time.tsx';
import { ResumeDialog } from './resume-dialog.tsx';
import { RunDialog } from './run-dialog.tsx';
import { RunShown } from './run-shown.tsx';
import { RunStateMark } from './run-state.tsx';
import { visitsOf, type ShownVisit } from './run-visits.ts';
import type { RunDetail, RunState } from './types.ts';
import { useFollowedRun } from './use-followed-run.ts';

function Crumb({ id, name }: { id: string; name: string | undefined }) {
  const { t } = useTranslation();
  return (
    <Breadcrumb>
      <Link to="/graphs">{t('graphs.title')}</Link>
      <span aria-hidden>/</span>
      <Link to="/graphs/$id/runs" params={{ id }}>
        {name ?? t('graphs.one')}
      </Link>
    </Breadcrumb>
  );
}

function useRunActions(runId: string) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const told = {
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    onSettled: () => queryClient.invalidateQueries(trpc.graphs.runs.pathFilter()),
  };
  const stop = useMutation(trpc.graphs.runs.stop.mutationOptions(told));
  const resume = useMutation(trpc.graphs.runs.resume.mutationOptions(told));
  return {
    stop: () => stop.mutate({ runId }),
    resume: () => resume.mutate({ runId }),
    isStopping: stop.isPending,
    isResuming: resume.isPending,
  };
}

function Actions({ run, state }: { run: RunDetail; state: RunState }) {
  const { t } = useTranslation();
  const { stop, resume, isStopping, isResuming } = useRunActions(run.id);
  const [isAgain, setAgain] = useState(false);
  const [isBounding, setBounding] = useState(false);
  const isGoing = state === 'running' || state === 'waiting';
  return (
    <>
      {isGoing ? (
        <Button icon={<Square aria-hidden className="size-4" />} busy={isStopping} onClick={stop}>
          {t('graphs.run.stop')}
        </Button>
      ) : (
        <>
          {state !== 'done' && (
            <Button
              look="primary"
              icon={<StepForward aria-hidden className="size-4" />}
              busy={isResuming}
              onClick={run.budget ? () => setBounding(true) : resume}
            >
              {t('graphs.run.resume')}
            </Button>
          )}
          <Button
            icon={
              state === 'done' ? <Play aria-hidden className="size-4" /> : <RotateCcw aria-hidden className="size-4" />
            }
            onClick={() => setAgain(true)}
          >
            {t('graphs.run.again')}
          </Button>
        </>
      )}
      {isAgain && (
        <RunDialog
          graph={{ id: run.graphId, name: run.graph }}
          input={run.input}
          budget={run.budget}
          onClose={() => setAgain(false)}
        />
      )}
      {isBounding && <ResumeDialog run={run} onClose={() => setBounding(false)} />}
    </>
  );
}

function Facts({ run, state, visits }: { run: RunDetail; state: RunState; visits: readonly ShownVisit[] }) {
  const isGoing = state === 'running' || state === 'waiting';
  const used = visits.reduce(
    (sum, { used: { tokensIn, tokensOut, cost, estimated } }) => ({
      tokensIn: sum.tokensIn + tokensIn,
      tokensOut: sum.tokensOut + tokensOut,
      cost: sum.cost + cost,
      estimated: sum.estimated || estimated,
    }),
    { tokensIn: 0, tokensOut: 0, cost: 0, estimated: false },
  );
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <span role="status" className="text-ink">
        <RunStateMark state={state} />
      </span>
      <Time value={run.createdAt} />
      {isGoing ? (
        <Elapsed since={run.createdAt} />
      ) : (
        run.endedAt !== null && <Duration ms={Date.parse(run.endedAt) - Date.parse(run.createdAt)} />
      )}
      <UsageLine of={used} />
    </span>
  );
}

/** One run of a graph, while it goes and after. */
export function RunPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id, run: runId } = useParams({ from: '/graphs/$id/runs/$run' });
  const query = useQuery(trpc.graphs.runs.get.queryOptions({ runId }));
  const run = query.data;
  const live = useFollowedRun(run);
  const visits = useMemo(() => (run ? visitsOf(run, live) : []), [run, live]);
  const above = <Crumb id={id} name={run?.graph} />;
  if (!run && query.isError) {
    const back = (
      <Link to="/graphs/$id/runs" params={{ id }} className={buttonClass('secondary')}>
        {t('graphs.tab.runs')}
      </Link>
    );
    return (
      <Absent
        title={t('graphs.run.one')}
        above={above}
        error={query.error}
        onRetry={() => void query.refetch()}
        failed={t('graphs.run.loadFailed')}
        gone={{ title: t('graphs.run.gone'), hint: t('common.serverGone'), back }}
      />
    );
  }
  const state = live?.end?.state ?? run?.state ?? 'running';
  return (
    <Page
      title={run ? t('graphs.run.of', { name: run.graph }) : t('graphs.run.one')}
      above={above}
      lead={run && <Facts run={run} state={state} visits={visits} />}
      actions={run && <Actions run={run} state={state} />}
    >
      {run ? (
        <section
          aria-label={t('graphs.run.one')}
          className="overflow-hidden rounded-lg border border-line bg-surface shadow-rest"
        >
          <RunShown run={run} state={state} visits={visits} />
        </section>
      ) : (
        <Skeleton className="h-96 rounded-lg" />
      )}
    </Page>
  );
}
