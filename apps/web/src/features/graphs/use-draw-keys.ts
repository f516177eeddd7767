import { useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import type { GraphDrawing } from './use-drawing.ts';

/** Where keys write text, they draw nothing. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input,textarea,select,[contenteditable]') !== null;
}

/** What is typed and not settled yet counts before it is saved. */
function settleTyping(): void {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement) || !isTyping(activeElement)) return;
  flushSync(() => activeElement.blur());
  activeElement.focus();
}

/** The keys that every editor has: undo, redo, copy, paste, save. */
export function useDrawKeys(drawn: GraphDrawing, onSave: () => void): void {
  const latest = useRef({ drawn, onSave });
  useEffect(() => void (latest.current = { drawn, onSave }));
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const dialog = document.querySelector('dialog[open]');
      if (key === 's' && dialog === null) {
        event.preventDefault();
        settleTyping();
        return latest.current.onSave();
      }
      if (isTyping(event.target) || dialog !== null) return;
      const now = latest.current.drawn;
      const isRange = getSelection()?.type === 'Range';
      if (key === 'y' || (key === 'z' && event.shiftKey)) now.redo();
      else if (key === 'z') now.undo();
      else if (key === 'c' && !isRange) now.copy();
      else if (key === 'v') now.paste();
      else return;
      event.preventDefault();
    }
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
