import { lazy, Suspense } from 'react';
import { arriving } from '../../lib/arriving.ts';
import type { TerminalProps } from './terminal-screen.tsx';

export type { TerminalLink, TerminalSize } from './terminal-screen.tsx';

const TerminalScreen = lazy(async () => ({
  default: (await arriving(() => import('./terminal-screen.tsx'))).TerminalScreen,
}));

/** A terminal; what draws it comes when it is needed. */
export function Terminal(props: TerminalProps) {
  return (
    <div className="h-[min(34rem,64dvh)] overflow-hidden rounded-lg border border-line bg-[#11100e] p-2 shadow-rest">
      <Suspense fallback={null}>
        <TerminalScreen {...props} />
      </Suspense>
    </div>
  );
}
