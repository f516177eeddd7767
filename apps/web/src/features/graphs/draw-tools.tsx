import { ClipboardPaste, Copy, Plus, Redo2, Trash2, Undo2, WandSparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button, IconButton } from '../../ui/form/button.tsx';
import { linksOf } from './links.ts';
import { useArrange } from './use-arrange.ts';
import type { GraphDrawing } from './use-drawing.ts';

interface DrawToolsProps {
  drawn: GraphDrawing;
  onAdd: () => void;
  /** Places are seen, so nodes can be arranged. */
  isCanvas: boolean;
}

function Arrange({ drawn }: { drawn: GraphDrawing }) {
  const { t } = useTranslation();
  const toast = useToast();
  const { isBusy, arrange } = useArrange(
    (places) => drawn.move(places),
    () => toast.bad(t('graphs.tools.arrangeFailed')),
  );
  const { drawing } = drawn;
  return (
    <IconButton
      label={t('graphs.tools.arrange')}
      busy={isBusy}
      disabled={drawing.nodes.length === 0}
      onClick={() => arrange({ keys: drawing.nodes.map(({ key }) => key), links: linksOf(drawing) })}
    >
      <WandSparkles aria-hidden className="size-4" />
    </IconButton>
  );
}

/** What is done to a drawing as a whole, or to what is selected of it. */
export function DrawTools({ drawn, onAdd, isCanvas }: DrawToolsProps) {
  const { t } = useTranslation();
  const { drawing, selected, keys } = drawn;
  return (
    <div role="toolbar" aria-label={t('graphs.tools.label')} className="flex flex-wrap items-center gap-0.5">
      <Button size="sm" className="mr-1" icon={<Plus aria-hidden className="size-4" />} onClick={onAdd}>
        {t('graphs.tools.add')}
      </Button>
      <IconButton label={t('graphs.tools.undo')} disabled={!drawn.canUndo} onClick={drawn.undo}>
        <Undo2 aria-hidden className="size-4" />
      </IconButton>
      <IconButton label={t('graphs.tools.redo')} disabled={!drawn.canRedo} onClick={drawn.redo}>
        <Redo2 aria-hidden className="size-4" />
      </IconButton>
      {isCanvas && (
        <>
          <Arrange drawn={drawn} />
          <IconButton label={t('graphs.tools.copy')} disabled={keys.size === 0} onClick={drawn.copy}>
            <Copy aria-hidden className="size-4" />
          </IconButton>
          <IconButton label={t('graphs.tools.paste')} onClick={drawn.paste}>
            <ClipboardPaste aria-hidden className="size-4" />
          </IconButton>
          <IconButton
            label={t('graphs.tools.remove')}
            disabled={selected.size === 0}
            onClick={() =>
              drawn.remove(
                keys,
                linksOf(drawing).filter(({ id }) => selected.has(id)),
              )
            }
          >
            <Trash2 aria-hidden className="size-4" />
          </IconButton>
        </>
      )}
    </div>
  );
}
