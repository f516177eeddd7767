import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/form/button.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { GraphForm } from './graph-form.tsx';
import { NodeForm } from './node-form.tsx';
import type { Check } from './use-check.ts';
import type { GraphDrawing } from './use-drawing.ts';

interface DrawDialogProps {
  drawn: GraphDrawing;
  check: Check;
  disabled: boolean;
  /** The key of a node; null: the graph itself. */
  of: string | null;
  onClose: () => void;
}

/** The same forms where there is no room beside a canvas. */
export function DrawDialog({ drawn, check, disabled, of, onClose }: DrawDialogProps) {
  const { t } = useTranslation();
  const shown = drawn.drawing.nodes.find(({ key }) => key === of);
  function remove() {
    if (of !== null) drawn.remove(new Set([of]), []);
    onClose();
  }
  return (
    <Dialog
      open
      onClose={onClose}
      shape="right"
      title={shown ? shown.node.name : t('graphs.about')}
      footer={
        <>
          {shown && !disabled && (
            <Button className="mr-auto" icon={<Trash2 aria-hidden className="size-4" />} onClick={remove}>
              {t('graphs.tools.remove')}
            </Button>
          )}
          <Button look="primary" onClick={onClose}>
            {t('common.done')}
          </Button>
        </>
      }
    >
      {shown ? (
        <NodeForm drawn={drawn} nodeKey={shown.key} node={shown.node} disabled={disabled} check={check} />
      ) : (
        <GraphForm drawn={drawn} check={check} disabled={disabled} />
      )}
    </Dialog>
  );
}
