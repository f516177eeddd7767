import { lazy, Suspense } from 'react';
import { arriving } from '../../lib/arriving.ts';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import type { CanvasProps } from './canvas.tsx';

const Canvas = lazy(async () => ({ default: (await arriving(() => import('./canvas.tsx'))).Canvas }));

/** The canvas; it comes when it is needed, and never where a list stands in for it. */
export function LazyCanvas(props: CanvasProps) {
  return (
    <Suspense fallback={<Skeleton className="m-3 h-64" />}>
      <Canvas {...props} />
    </Suspense>
  );
}
