import { Play, Save } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useInstance } from '../../lib/use-instance.ts';
import { useWide } from '../../lib/use-wide.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Status } from '../../ui/feedback/status.tsx';
import { Button } from '../../ui/form/button.tsx';
import { useUnsaved } from '../../ui/form/use-unsaved.ts';
import { checkMarks } from './check-marks.ts';
import { DrawDialog } from './draw-dialog.tsx';
import { DrawPanel } from './draw-panel.tsx';
import { DrawTools } from './draw-tools.tsx';
import { useGraph } from './graph-context.ts';
import { LazyCanvas } from './lazy-canvas.tsx';
import { NodeList } from './node-list.tsx';
import { RunDialog } from './run-dialog.tsx';
import { useCheck, type Check } from './use-check.ts';
import { useDrawKeys } from './use-draw-keys.ts';
import { useDrawing, type GraphDrawing } from './use-drawing.ts';
import { useSave } from './use-save.ts';

/** What the hub thinks of the drawing, in a word. */
function CheckState({ check }: { check: Check }) {
  const { t } = useTranslation();
  const { checked } = check;
  const problems = checked?.problems.length ?? 0;
  const warnings = checked?.warnings.length ?? 0;
  return (
    <span role="status" className="text-sm text-ink-2">
      {checked === null ? null : problems > 0 ? (
        <Status shape="triangle" tone="bad" label={t('graphs.check.problems', { count: problems })} />
      ) : warnings > 0 ? (
        <Status shape="diamond" tone="warn" label={t('graphs.check.warnings', { count: warnings })} />
      ) : (
        <Status shape="disc" tone="ok" label={t('graphs.check.fine')} />
      )}
    </span>
  );
}

function Drawn({ drawn, check, disabled }: { drawn: GraphDrawing; check: Check; disabled: boolean }) {
  const { t } = useTranslation();
  const graph = useGraph();
  const isWide = useWide();
  const [opened, setOpened] = useState<string | null | undefined>(undefined);
  const { drawing, selected, select } = drawn;
  const { checked } = check;
  const marks = useMemo(() => checkMarks(drawing, checked, t), [drawing, checked, t]);
  const label = t('graphs.canvas.label', { name: graph.name });
  if (!isWide) {
    return (
      <>
        <NodeList
          label={label}
          drawing={drawing}
          marks={marks}
          levels={checked?.levels ?? {}}
          onOpen={setOpened}
          about={{ label: t('graphs.about'), onOpen: () => setOpened(null) }}
        />
        {opened !== undefined && (
          <DrawDialog
            drawn={drawn}
            check={check}
            disabled={disabled}
            of={opened}
            onClose={() => setOpened(undefined)}
          />
        )}
      </>
    );
  }
  const edit = { onConnect: drawn.connect, onMove: drawn.move, onRemove: drawn.remove };
  return (
    <div className="flex h-[calc(100dvh-21.5rem)] min-h-112">
      <div className="min-w-0 flex-1">
        <LazyCanvas
          label={label}
          drawing={drawing}
          marks={marks}
          selected={selected}
          onSelect={select}
          {...(!disabled && { edit })}
        />
      </div>
      <DrawPanel drawn={drawn} check={check} disabled={disabled} />
    </div>
  );
}

/** The graph as it is drawn, with the form of what is selected. */
export function DrawTab() {
  const { t } = useTranslation();
  const graph = useGraph();
  const { me } = useInstance();
  const isWide = useWide();
  const drawn = useDrawing(graph);
  const disabled = !graph.can.configure;
  const check = useCheck(drawn.drawing, graph.name, me?.can.createGraph === true);
  const { isPending, failure, save } = useSave(graph, drawn);
  const [isRunning, setRunning] = useState(false);
  useUnsaved(drawn.isChanged && !isPending);
  useDrawKeys(drawn, () => void save());
  const model = drawn.drawing.nodes.findLast(({ node }) => node.model_name !== '')?.node.model_name ?? '';
  async function run() {
    if (disabled || (await save())) setRunning(true);
  }
  return (
    <section aria-label={t('graphs.tab.draw')} className="rounded-lg border border-line bg-surface shadow-rest">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-3 py-2">
        {!disabled && (
          <DrawTools drawn={drawn} isCanvas={isWide} onAdd={() => drawn.add(t('graphs.add.node'), model)} />
        )}
        <span className="ml-auto flex flex-wrap items-center gap-2">
          <CheckState check={check} />
          {!disabled && (
            <Button
              size="sm"
              look={drawn.isChanged ? 'primary' : 'secondary'}
              busy={isPending}
              disabled={!drawn.isChanged}
              icon={<Save aria-hidden className="size-4" />}
              onClick={() => void save()}
            >
              {t('common.save')}
            </Button>
          )}
          {graph.can.use && (
            <Button
              size="sm"
              look={drawn.isChanged ? 'secondary' : 'primary'}
              disabled={isPending}
              icon={<Play aria-hidden className="size-4" />}
              onClick={() => void run()}
            >
              {t(drawn.isChanged && !disabled ? 'graphs.run.saveAndRun' : 'graphs.run.action')}
            </Button>
          )}
        </span>
      </div>
      <div className="flex flex-col gap-2 p-3 empty:hidden">
        {failure && (
          <Callout alert tone="bad" title={t('common.refused')}>
            {failure.message}
          </Callout>
        )}
        {drawn.isElsewhere && (
          <Callout
            tone="warn"
            title={t('graphs.elsewhere.title')}
            actions={
              <Button size="sm" onClick={drawn.load}>
                {t('graphs.elsewhere.load')}
              </Button>
            }
          >
            {t('graphs.elsewhere.body')}
          </Callout>
        )}
      </div>
      <Drawn drawn={drawn} check={check} disabled={disabled} />
      {isRunning && <RunDialog graph={graph} input="" onClose={() => setRunning(false)} />}
    </section>
  );
}
