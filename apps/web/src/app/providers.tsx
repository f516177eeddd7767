import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider, type AnyRouter } from '@tanstack/react-router';
import { noteFailure } from '../lib/database-away.ts';
import { toFailure, TRPCProvider, type Api } from '../lib/trpc.ts';
import { NavigationContext } from '../lib/use-tabs.ts';
import { ConfirmProvider } from '../ui/feedback/confirm.tsx';
import { ToastProvider } from '../ui/feedback/toast.tsx';
import { TooltipProvider } from '../ui/layout/tooltip.tsx';
import { entries } from './navigation.ts';

const meKey = [['auth', 'me']];

/** The page's store of answers. */
export function createQueryClient(): QueryClient {
  // A session that ended shows the sign-in page, and a database that is away a note, wherever it was noticed.
  function notice(error: unknown) {
    noteFailure(error);
    if (toFailure(error).code === 'UNAUTHORIZED') void client.invalidateQueries({ queryKey: meKey });
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: notice }),
    mutationCache: new MutationCache({ onError: notice }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (attempt, error) => attempt < 2 && toFailure(error).code === null,
      },
    },
  });
  return client;
}

interface ProvidersProps {
  queryClient: QueryClient;
  api: Api;
  router: AnyRouter;
}

/** Everything that stands around every page. */
export function Providers({ queryClient, api, router }: ProvidersProps) {
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={api} queryClient={queryClient}>
        <TooltipProvider delayDuration={350}>
          <ToastProvider>
            <ConfirmProvider>
              <NavigationContext value={entries}>
                <RouterProvider router={router} />
              </NavigationContext>
            </ConfirmProvider>
          </ToastProvider>
        </TooltipProvider>
      </TRPCProvider>
    </QueryClientProvider>
  );
}
