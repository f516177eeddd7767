import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useWide } from '../../lib/use-wide.ts';
import { Button } from '../../ui/form/button.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { ScrollRegion } from '../../ui/layout/scroll-region.tsx';
import { toDrawing } from './drawing.ts';
import { LazyCanvas } from './lazy-canvas.tsx';
import { NodeList } from './node-list.tsx';
import { runMarks } from './run-marks.ts';
import { RunOverview } from './run-overview.tsx';
import { nodeOf, type ShownVisit } from './run-visits.ts';
import type { RunDetail, RunState } from './types.ts';
import { VisitView } from './visit-view.tsx';

interface RunShownProps {
  run: RunDetail;
  state: RunState;
  visits: readonly ShownVisit[];
}

/** What was said at a node, each visit below the one before. */
function Said({ node, visits, runId }: { node: string; visits: readonly ShownVisit[]; runId: string }) {
  const { t } = useTranslation();
  const own = visits.filter((visit) => nodeOf(visit) === node);
  if (own.length === 0) return <p className="text-sm text-ink-3">{t('graphs.visit.none')}</p>;
  return (
    <div className="flex flex-col gap-6">
      {own.map((visit) => (
        <VisitView
          key={visit.key}
          visit={visit}
          title={t('graphs.visit.title', { node: visit.node, visit: visit.visit })}
          isOnly={own.length === 1}
          runId={runId}
        />
      ))}
    </div>
  );
}

/** A run on its graph: which nodes were visited, and what was said there. */
export function RunShown({ run, state, visits }: RunShownProps) {
  const { t, i18n } = useTranslation();
  const isWide = useWide();
  const { node: shown } = useSearch({ from: '/graphs/$id/runs/$run' });
  const navigate = useNavigate({ from: '/graphs/$id/runs/$run' });
  const drawing = useMemo(() => toDrawing(run.config), [run.config]);
  const marks = useMemo(() => runMarks(drawing, visits, t, i18n.language), [drawing, visits, t, i18n.language]);
  const chosen = drawing.nodes.find(({ node }) => node.name === shown);
  const selected = useMemo(() => new Set(chosen ? [chosen.key] : []), [chosen]);
  const label = t('graphs.run.canvas');
  const waiting = [...new Set(visits.filter(({ state: at }) => at === 'waiting').map(nodeOf))];
  function showNode(node: string) {
    show(drawing.nodes.find((each) => each.node.name === node)?.key);
  }
  function show(key: string | undefined) {
    const node = drawing.nodes.find((each) => each.key === key)?.node.name;
    void navigate({ search: { node }, replace: true, resetScroll: false });
  }
  if (!isWide) {
    return (
      <>
        <div className="border-b border-line p-4">
          <h2 className="sr-only">{t('graphs.run.overview')}</h2>
          <RunOverview run={run} state={state} visits={visits} waiting={waiting} onShow={showNode} />
        </div>
        <NodeList label={label} drawing={drawing} marks={marks} levels={{}} onOpen={show} />
        {chosen && (
          <Dialog
            open
            onClose={() => show(undefined)}
            shape="right"
            title={chosen.node.name}
            footer={<Button onClick={() => show(undefined)}>{t('common.close')}</Button>}
          >
            <Said node={chosen.node.name} visits={visits} runId={run.id} />
          </Dialog>
        )}
      </>
    );
  }
  const title = chosen?.node.name ?? t('graphs.run.overview');
  return (
    <div className="flex h-[calc(100dvh-17rem)] min-h-112">
      <div className="min-w-0 flex-1">
        <LazyCanvas
          label={label}
          drawing={drawing}
          marks={marks}
          selected={selected}
          onSelect={(change) => show([...change(selected)].at(-1))}
        />
      </div>
      <ScrollRegion label={title} className="w-80 shrink-0 border-l border-line p-4 xl:w-96">
        <h2 className="mb-4 text-base font-semibold wrap-anywhere">{title}</h2>
        {chosen ? (
          <Said node={chosen.node.name} visits={visits} runId={run.id} />
        ) : (
          <RunOverview run={run} state={state} visits={visits} waiting={waiting} onShow={showNode} />
        )}
      </ScrollRegion>
    </div>
  );
}
