import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Callout } from '../feedback/callout.tsx';
import { Skeleton } from '../feedback/skeleton.tsx';
import { Button } from '../form/button.tsx';
import { FrameElement } from './frame-element.tsx';
import { useOpened, type OpenedFrame } from './use-opened.ts';

interface HtmlPreviewProps {
  title: string;
  /** Holds the document; the function stays the same as long as the document does. */
  open: () => Promise<OpenedFrame>;
  height?: number;
}

/** A document of somebody else, shown as it looks: its scripts run, and reach neither the page nor the network. */
export function HtmlPreview({ title, open, height = 420 }: HtmlPreviewProps) {
  const { t } = useTranslation();
  const { opening, again } = useOpened(open);
  const [left, setLeft] = useState<string | null>(null);
  const openAgain = (
    <Button size="sm" onClick={again}>
      {t('appFrame.openAgain')}
    </Button>
  );
  if (opening.state === 'opening') return <Skeleton className="h-40" />;
  if (opening.state === 'failed') {
    return (
      <Callout alert tone="bad" title={t('appFrame.notShown')} actions={openAgain}>
        {opening.why}
      </Callout>
    );
  }
  const { frameId } = opening.frame;
  if (frameId === left) return <Callout alert tone="warn" title={t('appFrame.left')} actions={openAgain} />;
  return (
    <FrameElement
      key={frameId}
      frameId={frameId}
      title={title}
      height={height}
      bordered
      onLeft={() => setLeft(frameId)}
    />
  );
}
