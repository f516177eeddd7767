import { useEffect, useMemo, useState } from 'react';
import { Blocks } from './blocks.tsx';
import { lexMarkdown } from './lex.ts';

/** A text that grows, as it was at the last frame that was drawn. */
function useEachFrame(text: string, isGrowing: boolean): string {
  const [shown, setShown] = useState(text);
  useEffect(() => {
    if (!isGrowing) return;
    const frame = requestAnimationFrame(() => setShown(text));
    return () => cancelAnimationFrame(frame);
  }, [text, isGrowing]);
  return isGrowing ? shown : text;
}

export interface MarkdownProps {
  text: string;
  /** The text grows: it is read at most once for each frame that is drawn. */
  streaming?: boolean;
}

/**
 * A text that somebody else wrote, read as Markdown. HTML in it is shown as text, nothing is loaded from other hosts,
 * and what is too long or made to be costly is shown as it was written.
 */
export function MarkdownView({ text, streaming = false }: MarkdownProps) {
  const shown = useEachFrame(text, streaming);
  const lexed = useMemo(() => lexMarkdown(shown), [shown]);
  if (!lexed) return <p className="break-words whitespace-pre-wrap">{shown}</p>;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Blocks tokens={lexed.blocks} lexed={lexed} />
    </div>
  );
}
