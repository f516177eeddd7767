import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { Container as Icon } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineSummary } from '../lib/api-types.ts';
import { chosenEngine } from '../lib/chosen-engine.ts';
import { useEngineName } from '../lib/engine-search.ts';
import { useTRPC } from '../lib/trpc.ts';
import { useInstance } from '../lib/use-instance.ts';
import { Callout } from '../ui/feedback/callout.tsx';
import { Empty } from '../ui/feedback/empty.tsx';
import { Button } from '../ui/form/button.tsx';
import { Page } from '../ui/layout/page.tsx';
import { Countdown } from '../ui/text/time.tsx';

/** Says that the engine is away, why, and when the hub tries again; goes by itself. */
function Banner({ engine }: { engine: EngineSummary }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const look = useMutation(trpc.engines.look.mutationOptions());
  if (engine.state.phase !== 'unreachable') return null;
  const { message, nextAttemptAt } = engine.state;
  return (
    <div className="mx-auto w-full max-w-[76rem] px-4 pt-6 sm:px-6 lg:px-8">
      <Callout
        tone="warn"
        // The words below count down, which nobody wants to hear each second.
        title={<span role="alert">{t('engine.away', { name: engine.name })}</span>}
        actions={
          <Button size="sm" busy={look.isPending} onClick={() => look.mutate({ engine: engine.name })}>
            {t('engine.look')}
          </Button>
        }
      >
        <p>{message}</p>
        <p>
          {t('engine.awayHint')} {t('engine.nextTry')} <Countdown until={nextAttemptAt} />
        </p>
      </Callout>
    </div>
  );
}

function NoEngine() {
  const { t } = useTranslation();
  return (
    <Page title={t('common.containers')}>
      <Empty icon={<Icon />} title={t('engine.none')}>
        {t('engine.noneHint')}
      </Empty>
    </Page>
  );
}

/** Around every page about an engine: whether one may see it, and whether it is there. */
export function EngineFrame() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { me } = useInstance();
  const name = useEngineName();
  const allowed = me?.can.manageContainers === true;
  const engines = useQuery(
    trpc.engines.list.queryOptions(undefined, {
      enabled: allowed,
      // The live stream tells when one goes or comes back; this is for a stream that is not there.
      refetchInterval: 15_000,
    }),
  );
  const engine = chosenEngine(engines.data, name);
  const phase = engine?.state.phase;
  const before = useRef(phase);
  useEffect(() => {
    // What failed while it was away is asked for again, even where no live stream told of it.
    if (before.current === 'unreachable' && phase === 'reachable') void queryClient.invalidateQueries();
    before.current = phase;
  }, [phase, queryClient]);
  if (me === undefined) return null;
  if (!allowed) {
    return (
      <Page title={t('common.containers')}>
        <Empty icon={<Icon />} title={t('engine.notYours')}>
          {t('engine.notYoursHint')}
        </Empty>
      </Page>
    );
  }
  if (engines.data?.length === 0) return <NoEngine />;
  return (
    <>
      {engine && <Banner engine={engine} />}
      <Outlet />
    </>
  );
}
