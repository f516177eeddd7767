import { useReactFlow } from '@xyflow/react';
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/form/button.tsx';

/** How much of the canvas is seen. */
export function CanvasZoom() {
  const { t } = useTranslation();
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  return (
    <div className="flex rounded-md border border-line bg-surface p-0.5 shadow-rest">
      <IconButton size="sm" label={t('graphs.canvas.zoomIn')} onClick={() => void zoomIn()}>
        <ZoomIn aria-hidden className="size-4" />
      </IconButton>
      <IconButton size="sm" label={t('graphs.canvas.zoomOut')} onClick={() => void zoomOut()}>
        <ZoomOut aria-hidden className="size-4" />
      </IconButton>
      <IconButton size="sm" label={t('graphs.canvas.fit')} onClick={() => void fitView({ maxZoom: 1, padding: 0.15 })}>
        <Maximize aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}
