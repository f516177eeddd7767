import { useCallback, useEffect, useRef, useState } from 'react';

/** So far from the end, in pixels, one is still there. */
const nearEnd = 8;

/** Keeps the end in sight while it is in sight; who reads further up is left there. */
export function useStayAtEnd() {
  const region = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stays = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);
  const toEnd = useCallback(() => {
    stays.current = true;
    setAtEnd(true);
    region.current?.scrollTo({ top: region.current.scrollHeight });
  }, []);
  const onScroll = useCallback(() => {
    const box = region.current;
    if (!box) return;
    stays.current = box.scrollHeight - box.scrollTop - box.clientHeight <= nearEnd;
    setAtEnd(stays.current);
  }, []);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (stays.current) region.current?.scrollTo({ top: region.current.scrollHeight });
      else onScroll();
    });
    for (const box of [region.current, content.current]) if (box) observer.observe(box);
    return () => observer.disconnect();
  }, [onScroll]);
  return { region, content, isAtEnd, onScroll, toEnd };
}
