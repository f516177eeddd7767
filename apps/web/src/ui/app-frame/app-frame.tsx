import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { safeLink } from '../../lib/safe-link.ts';
import { Callout } from '../feedback/callout.tsx';
import { Skeleton } from '../feedback/skeleton.tsx';
import { Button } from '../form/button.tsx';
import { FrameElement } from './frame-element.tsx';
import { tallest } from './host-context.ts';
import { AppError, type AppHandlers } from './host.ts';
import { HostsCard } from './hosts-card.tsx';
import { QuestionCard, useQuestions } from './question.tsx';
import { useHost, type AppCall } from './use-host.ts';
import { useOpened, type OpenedFrame } from './use-opened.ts';

const lowest = 48;
const heightAtFirst = 240;

interface AppFrameProps extends Pick<AppHandlers, 'readResource' | 'message' | 'modelContext' | 'logged'> {
  /** What it is called, for who cannot see it. */
  title: string;
  /** Opens the interface with these hosts of the network; the function stays the same as long as the interface does. */
  open: (allowed: string[]) => Promise<OpenedFrame>;
  call: AppCall;
  /** Calls a tool for the app: the caller sees to it that apps may. */
  callTool?: AppHandlers['callTool'];
  /** Whether the person is asked before the app calls a tool. */
  mustAsk?: (tool: string) => boolean;
}

/** A user interface of a server (MCP Apps) beside the call that it belongs to. */
export function AppFrame({ title, open, call, callTool, mustAsk = () => true, ...others }: AppFrameProps) {
  const { t } = useTranslation();
  const [allowed, setAllowed] = useState<string[]>([]);
  const openAllowed = useCallback(() => open(allowed), [open, allowed]);
  const { opening, again } = useOpened(openAllowed);
  const [height, setHeight] = useState(heightAtFirst);
  /** The frame that is shown no more, and why. */
  const [ended, setEnded] = useState<{ frameId: string; why: 'flooded' | 'left' } | null>(null);
  const { question, ask, answer } = useQuestions();
  const element = useRef<HTMLIFrameElement>(null);
  const frame = opening.state === 'open' && opening.frame.frameId !== ended?.frameId ? opening.frame : null;
  async function callAsked(name: string, args: Parameters<NonNullable<typeof callTool>>[1]) {
    if (!callTool) throw new AppError('No tools can be called here.');
    if (mustAsk(name) && !(await ask({ kind: 'call', name, args }))) {
      throw new AppError('The person refused this call.');
    }
    return callTool(name, args);
  }
  async function openLink(url: string): Promise<boolean> {
    const link = safeLink(url);
    if (link === null || !(await ask({ kind: 'link', url: link }))) return false;
    window.open(link, '_blank', 'noopener,noreferrer');
    return true;
  }
  function end(why: 'flooded' | 'left') {
    if (frame) setEnded({ frameId: frame.frameId, why });
  }
  useHost({
    frame,
    element,
    allowed,
    call,
    onFlood: () => end('flooded'),
    handlers: {
      ...others,
      callTool: callTool && callAsked,
      openLink,
      resized: (wanted) => setHeight(Math.round(Math.min(tallest, Math.max(lowest, wanted)))),
    },
  });
  const openAgain = (
    <Button size="sm" onClick={again}>
      {t('appFrame.openAgain')}
    </Button>
  );
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {frame && frame.hosts.some(({ source }) => !allowed.includes(source)) && (
        <HostsCard frame={frame} onAllow={setAllowed} />
      )}
      {question && <QuestionCard question={question} onAnswer={answer} />}
      {opening.state === 'opening' && <Skeleton className="h-40" />}
      {opening.state === 'failed' && (
        <Callout alert tone="bad" title={t('appFrame.notShown')} actions={openAgain}>
          {opening.why}
        </Callout>
      )}
      {opening.state === 'open' && !frame && ended && (
        <Callout alert tone="warn" title={t(`appFrame.${ended.why}`)} actions={openAgain} />
      )}
      {frame && (
        <FrameElement
          key={frame.frameId}
          ref={element}
          frameId={frame.frameId}
          title={title}
          height={height}
          bordered={frame.prefersBorder !== false}
          onLeft={() => end('left')}
        />
      )}
    </div>
  );
}
