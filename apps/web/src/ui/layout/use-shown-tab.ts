import { useEffect, useRef, type RefObject } from 'react';

/** On narrow screens a strip of tabs scrolls: the shown section's tab has to be in sight. */
export function useShownTab(path: string): RefObject<HTMLElement | null> {
  const strip = useRef<HTMLElement>(null);
  useEffect(() => {
    const links = [...(strip.current?.querySelectorAll('a') ?? [])];
    const shown = links.find((link) => link.pathname.replace(/\/$/, '').endsWith(path.replace(/\/$/, '')));
    if (shown && strip.current && strip.current.scrollWidth > strip.current.clientWidth) {
      strip.current.scrollLeft = shown.offsetLeft - (strip.current.clientWidth - shown.offsetWidth) / 2;
    }
  }, [path]);
  return strip;
}
