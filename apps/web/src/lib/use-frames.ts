import { useCallback } from 'react';
import { useTRPCClient } from './trpc.ts';

/** Opens a user interface of a server for a frame. */
export function useShowApp(serverId: string, uri: string) {
  const api = useTRPCClient();
  return useCallback(
    (allowed: string[]) => api.frames.showApp.mutate({ serverId, uri, allowed }),
    [api, serverId, uri],
  );
}

/** Opens a document for a frame. */
export function useShowHtml(html: string) {
  const api = useTRPCClient();
  return useCallback(() => api.frames.showHtml.mutate({ html }), [api, html]);
}
