import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
} from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter } from '@switchboard/api';

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

export type Inputs = inferRouterInputs<AppRouter>;
export type Outputs = inferRouterOutputs<AppRouter>;

export type Trpc = ReturnType<typeof useTRPC>;

/** For a query that may wait for a server: in a batch all others would wait with it. */
export const alone = { context: { alone: true } } as const;

/** The typed way to the hub. Works in the page and in a worker. */
export function createApi() {
  const url = '/trpc';
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url }),
        false: splitLink({
          condition: ({ context }) => context['alone'] === true,
          true: httpLink({ url }),
          false: httpBatchLink({ url, maxURLLength: 4000, maxItems: 20 }),
        }),
      }),
    ],
  });
}

export interface Failure {
  message: string;
  code: string | null;
  fields: { field: string; message: string }[];
}

/** What went wrong, for people: the hub's sentence, and the fields it is about. */
export function toFailure(error: unknown): Failure {
  if (error instanceof TRPCClientError) {
    const data = error.data as { code?: string; fields?: Failure['fields'] } | undefined | null;
    return { message: error.message, code: data?.code ?? null, fields: data?.fields ?? [] };
  }
  return { message: error instanceof Error ? error.message : String(error), code: null, fields: [] };
}

/** True where the hub could not be reached at all. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof TRPCClientError && (error.data === undefined || error.data === null);
}

/** True where the password was right and the second factor is what is missing, or wrong. */
export function needsCode(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return false;
  const data = error.data as { mfaRequired?: boolean } | undefined | null;
  return data?.mfaRequired === true;
}

/** What is wrong with one field of a form; drafts and patches are named by their own fields. */
export function fieldMessage(failure: Failure | null, field: string): string | null {
  function fits({ field: named }: { field: string }) {
    const own = named.replace(/^(draft|patch)\./, '');
    return own === field || own.startsWith(`${field}.`);
  }
  return failure?.fields.find(fits)?.message ?? null;
}
