import { createContext, use } from 'react';
import type { App } from './types.ts';

export const AppContext = createContext<App | null>(null);

/** The app whose page this is. */
export function useApp(): App {
  const app = use(AppContext);
  if (!app) throw new Error('This part belongs on the page of an app');
  return app;
}
