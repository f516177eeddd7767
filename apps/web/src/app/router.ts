import { createPageRouter } from './create-router.ts';

export const router = createPageRouter();

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
