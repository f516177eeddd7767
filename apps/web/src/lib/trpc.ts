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
import i18next, { type TFunction } from 'i18next';
import type { AppRouter } from '@switchboard/api';
import type { Reason } from '@switchboard/mcp-runtime/types';
import { tellReason } from './reasons.ts';

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

export type Api = ReturnType<typeof createApi>;

export interface Failure {
  message: string;
  code: string | null;
  fields: { field: string; message: string }[];
}

interface ErrorData {
  code?: string;
  why?: Reason | null;
  fields?: { field: string; message: string; why: Reason | null }[];
}

/** What went wrong, for people, in the reader's language where the hub says it; and the fields it is about. */
export function toFailure(error: unknown, t: TFunction = i18next.t): Failure {
  if (error instanceof TRPCClientError) {
    const { code = null, why, fields = [] } = (error.data ?? {}) as ErrorData;
    return {
      message: tellReason(why, error.message, t),
      code,
      fields: fields.map((each) => ({ field: each.field, message: tellReason(each.why, each.message, t) })),
    };
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
