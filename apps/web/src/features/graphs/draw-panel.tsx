import { useTranslation } from 'react-i18next';
import { ScrollRegion } from '../../ui/layout/scroll-region.tsx';
import { GraphForm } from './graph-form.tsx';
import { NodeForm } from './node-form.tsx';
import type { Check } from './use-check.ts';
import type { GraphDrawing } from './use-drawing.ts';

interface DrawPanelProps {
  drawn: GraphDrawing;
  check: Check;
  disabled: boolean;
}

/** The form beside the canvas: of the node that is selected, else of the graph. */
export function DrawPanel({ drawn, check, disabled }: DrawPanelProps) {
  const { t } = useTranslation();
  const { drawing, keys } = drawn;
  const [only] = keys.size === 1 ? keys : [];
  const shown = drawing.nodes.find(({ key }) => key === only);
  const title = shown ? shown.node.name : t('graphs.about');
  return (
    <ScrollRegion label={title} className="w-80 shrink-0 border-l border-line p-4 xl:w-88">
      <h2 className="mb-4 text-base font-semibold wrap-anywhere">{title}</h2>
      {keys.size > 1 ? (
        <p className="text-sm text-ink-3">{t('graphs.several', { count: keys.size })}</p>
      ) : shown ? (
        <NodeForm
          key={shown.key}
          drawn={drawn}
          nodeKey={shown.key}
          node={shown.node}
          disabled={disabled}
          check={check}
        />
      ) : (
        <GraphForm drawn={drawn} check={check} disabled={disabled} />
      )}
    </ScrollRegion>
  );
}
