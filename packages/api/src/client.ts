import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client';
import { EventSource } from 'eventsource';
import type { AppRouter } from './root.ts';

/** One way to prove who calls; none where the hub runs with AUTH_MODE=open. */
export interface Credentials {
  apiKey?: string;
  token?: string;
  /** A whole Cookie header. */
  cookie?: string;
}

export type Client = TRPCClient<AppRouter>;

function headersOf({ apiKey, token, cookie }: Credentials): Record<string, string> {
  return {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(apiKey !== undefined && { 'x-api-key': apiKey }),
    ...(cookie !== undefined && { cookie }),
  };
}

/** A typed client of the hub at `url` (its root, for example `http://localhost:3000`). */
export function createClient(url: string, credentials: Credentials = {}): Client {
  const endpoint = `${url.endsWith('/') ? url.slice(0, -1) : url}/trpc`;
  const headers = headersOf(credentials);
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({
          url: endpoint,
          EventSource,
          eventSourceOptions: {
            fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...headers } }),
          },
        }),
        false: httpBatchLink({ url: endpoint, headers, maxItems: 20 }),
      }),
    ],
  });
}
