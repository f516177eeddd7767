import { useEffect, useRef, useState } from 'react';
import type { ComposerProps } from './composer-props.ts';
import type { Attachment } from './types.ts';

/** Pixels of what is typed, beyond which it scrolls. */
const tallest = 320;

/** What is typed, which follows what is edited and what is suggested. */
export function useDraft({ id, editing, draft }: Pick<ComposerProps, 'id' | 'editing' | 'draft'>) {
  const [text, setText] = useState('');
  const [files, setFiles] = useState<Attachment[]>([]);
  const [from, setFrom] = useState({ editing, count: draft.count });
  if (from.editing !== editing || from.count !== draft.count) {
    if (from.editing !== editing) {
      setText(editing?.content ?? '');
      setFiles(editing?.attachments ?? []);
    } else setText(draft.text);
    setFrom({ editing, count: draft.count });
  }
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.height = 'auto';
    if (text !== '') area.style.height = `${Math.min(tallest, area.scrollHeight)}px`;
  }, [text]);
  const occasion = `${id} ${editing?.id} ${draft.count}`;
  const focusedAt = useRef('');
  useEffect(() => {
    // On a phone the keyboard would cover what there is to read.
    if (focusedAt.current === occasion || !matchMedia('(pointer: fine)').matches) return;
    // The page itself moves the focus when its address changes; this is after it.
    const timer = setTimeout(() => {
      focusedAt.current = occasion;
      box.current?.focus();
    });
    return () => clearTimeout(timer);
  }, [occasion]);
  return { box, text, setText, files, setFiles };
}
