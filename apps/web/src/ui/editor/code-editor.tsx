import { lazy, Suspense } from 'react';
import { arriving } from '../../lib/arriving.ts';
import { Skeleton } from '../feedback/skeleton.tsx';
import type { CodeEditorProps } from './code-editor-view.tsx';

export type { EditorProblem } from './code-editor-view.tsx';

const CodeEditorView = lazy(async () => ({
  default: (await arriving(() => import('./code-editor-view.tsx'))).CodeEditorView,
}));

/** An editor for YAML and plain text; it comes when it is needed. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <div className="overflow-hidden rounded-md border border-line-strong bg-raised focus-within:border-accent">
      <Suspense fallback={<Skeleton className="m-3 h-64" />}>
        <CodeEditorView {...props} />
      </Suspense>
    </div>
  );
}
