import { useEffect, useRef, useState } from 'react';
import { endOfSentences, plain } from './spoken.ts';

/** Tells screen readers what is said while it is said, in whole sentences. */
export function Speaker({ text, isWhole }: { text: string; isWhole: boolean }) {
  const at = useRef(0);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const end = isWhole ? text.length : endOfSentences(text, at.current);
    if (end <= at.current) return;
    const sentences = plain(text.slice(at.current, end));
    at.current = end;
    if (sentences !== '') setSaid(sentences);
  }, [text, isWhole]);
  return (
    <div aria-live="polite" className="sr-only">
      {said}
    </div>
  );
}
