import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { Point } from './drawing.ts';
import { nodeSize } from './placing.ts';

/** Brings the one node that is selected into sight, for example one that was added just now. */
export function useReveal(selected: ReadonlySet<string>, places: ReadonlyMap<string, Point>): void {
  const { getViewport, setCenter } = useReactFlow();
  const store = useStoreApi();
  const latest = useRef(places);
  useEffect(() => void (latest.current = places));
  const [only] = selected.size === 1 ? selected : [];
  useEffect(() => {
    const place = only === undefined ? undefined : latest.current.get(only);
    if (!place) return;
    const { x, y, zoom } = getViewport();
    const { width, height } = store.getState();
    const at = { x: place.x * zoom + x, y: place.y * zoom + y };
    const isSeen =
      at.x >= 0 && at.y >= 0 && at.x + nodeSize.width * zoom <= width && at.y + nodeSize.height * zoom <= height;
    if (!isSeen) void setCenter(place.x + nodeSize.width / 2, place.y + nodeSize.height / 2, { zoom });
  }, [only, getViewport, setCenter, store]);
}
