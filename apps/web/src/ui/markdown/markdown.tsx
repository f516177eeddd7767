import { lazy, Suspense } from 'react';
import { arriving } from '../../lib/arriving.ts';
import type { MarkdownProps } from './markdown-view.tsx';

const MarkdownView = lazy(async () => ({
  default: (await arriving(() => import('./markdown-view.tsx'))).MarkdownView,
}));

/** A text read as Markdown, as it was written until what reads it has come. */
export function Markdown(props: MarkdownProps) {
  return (
    <Suspense fallback={<p className="break-words whitespace-pre-wrap">{props.text}</p>}>
      <MarkdownView {...props} />
    </Suspense>
  );
}
