import { createContext, use } from 'react';
import type { Server } from './api-types.ts';

export const ServerContext = createContext<Server | null>(null);

/** The server whose page this is. */
export function useServer(): Server {
  const server = use(ServerContext);
  if (!server) throw new Error('This part belongs on the page of a server');
  return server;
}
