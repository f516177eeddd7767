import type { AriaLabelConfig } from '@xyflow/react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FlowWords } from './canvas-flow.ts';

interface CanvasWords extends FlowWords {
  aria: Partial<AriaLabelConfig>;
}

/** What the canvas says to people who hear it. */
export function useCanvasWords(): CanvasWords {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      start: t('graphs.terminal.start'),
      end: t('graphs.terminal.end'),
      link: (from, to) => t('graphs.canvas.link', { from, to }),
      node: (name, mark) => (mark ? `${name}: ${mark.label}` : name),
      aria: {
        'node.a11yDescription.default': t('graphs.canvas.nodeKeys'),
        'node.a11yDescription.keyboardDisabled': t('graphs.canvas.nodeKeys'),
        'edge.a11yDescription.default': t('graphs.canvas.linkKeys'),
        'minimap.ariaLabel': t('graphs.canvas.map'),
        'handle.ariaLabel': t('graphs.canvas.handle'),
      },
    }),
    [t],
  );
}
