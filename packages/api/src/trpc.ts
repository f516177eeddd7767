import { initTRPC, TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import {
  type Ctx,
  DomainError,
  type DomainErrorCode,
  fromDatabase,
  isDatabaseAway,
  type FieldProblem,
  isDomainError,
} from '@switchboard/core';
import { mapReason, say } from '@switchboard/core/reasons';
import type { Reason } from '@switchboard/mcp-runtime/types';
import type { ApiContext } from './context.ts';
import { shownIssues, shownMessage, type InputIssue } from './issues.ts';
import { isAsyncIterable } from './queue.ts';
import { heldStream } from './streams.ts';

const trpcCodes = {
  invalid: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  limit_exceeded: 'TOO_MANY_REQUESTS',
  precondition: 'PRECONDITION_FAILED',
  unavailable: 'BAD_GATEWAY',
  timeout: 'GATEWAY_TIMEOUT',
  internal: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<DomainErrorCode, TRPCError['code']>;

interface FieldError {
  field: string;
  message: string;
  /** The reason of which the message is the text; null where a validator wrote it. */
  why: Reason | null;
}

/** The errors that a form shows beside its fields. */
function fieldErrors(cause: unknown): FieldError[] {
  function toField({ path, message, why }: InputIssue & Pick<FieldProblem, 'why'>): FieldError {
    return {
      field: path.map(String).join('.'),
      message,
      why: why ? mapReason(why, shownMessage) : null,
    };
  }
  if (cause instanceof ZodError) return shownIssues(cause.issues).map(toField);
  if (!isDomainError(cause)) return [];
  const problems = cause.details?.errors ?? [];
  return shownIssues(problems.map(({ field, ...problem }) => ({ path: [field], ...problem }))).map(toField);
}

/** Why a request is refused; null where a validator or the framework says it. */
function whyOf(cause: unknown, isKnown: boolean, requestId: string | null): Reason | null {
  if (isDomainError(cause)) return cause.reason;
  return isKnown ? null : say('wentWrong', { request: requestId ?? 'this time' });
}

/** The next step of a sign-in form: ask for a code, or wait. */
function hintsOf(cause: unknown): { mfaRequired: boolean; retryAfterSeconds: number | null } {
  const { mfaRequired, retryAfterSeconds } = (isDomainError(cause) ? cause.details : undefined) ?? {};
  return {
    mfaRequired: mfaRequired === true,
    retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : null,
  };
}

function readable(fields: readonly FieldError[]): string {
  return fields.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ');
}

/** The facts of a procedure before its input is read. */
export interface Meta {
  /** Works before anybody signed in. */
  open?: boolean;
  /** Checks a password or a code, and is called alone: many in one request would be many guesses. */
  alone?: boolean;
}

const t = initTRPC
  .context<ApiContext>()
  .meta<Meta>()
  .create({
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 45_000 } },
    errorFormatter({ shape, error, ctx }) {
      const { cause } = error;
      const fields = fieldErrors(cause);
      const known = isDomainError(cause) || cause instanceof ZodError || error.code !== 'INTERNAL_SERVER_ERROR';
      const requestId = ctx?.core.requestId ?? null;
      const why = whyOf(cause, known, requestId);
      const { code, httpStatus, path } = shape.data;
      return {
        ...shape,
        message: cause instanceof ZodError ? readable(fields) : (why?.text ?? error.message),
        data: {
          code,
          httpStatus,
          path,
          reason: isDomainError(cause) ? cause.code : null,
          why,
          fields,
          requestId,
          ...hintsOf(cause),
        },
      };
    },
  });

function toTRPCError(cause: DomainError): TRPCError {
  return new TRPCError({
    code: isDatabaseAway(cause) ? 'SERVICE_UNAVAILABLE' : trpcCodes[cause.code],
    message: cause.message,
    cause,
  });
}

/** For what fails before a procedure is reached: a refusal of the domain keeps its code. */
export function rethrowAsTRPC(thrown: unknown): never {
  const error = fromDatabase(thrown);
  throw isDomainError(error) ? toTRPCError(error) : error;
}

/** A subscription can fail after its procedure has answered. */
async function* translatedStream(stream: AsyncIterable<unknown>): AsyncGenerator {
  try {
    yield* stream;
  } catch (error) {
    rethrowAsTRPC(error);
  }
}

/** Counts a stream as long as it is open. */
const counted = t.middleware(async ({ next, ctx, type }) => {
  if (type !== 'subscription') return next();
  const { signal } = ctx.core;
  const release = holdFor(ctx);
  const result = await next();
  if (result.ok && isAsyncIterable(result.data)) return { ...result, data: heldStream(result.data, release, signal) };
  release();
  return result;
});

function holdFor({ streams, core }: ApiContext): () => void {
  try {
    return streams.hold(core.actor);
  } catch (error) {
    throw isDomainError(error) ? toTRPCError(error) : error;
  }
}

const translated = t.middleware(async ({ next, ctx, path }) => {
  const result = await next();
  if (result.ok) return isAsyncIterable(result.data) ? { ...result, data: translatedStream(result.data) } : result;
  const cause = fromDatabase(result.error.cause);
  if (isDomainError(cause)) throw toTRPCError(cause);
  if (result.error.code === 'INTERNAL_SERVER_ERROR') {
    const { requestId, trace, log } = ctx.core;
    log.error(
      { requestId, traceId: trace?.traceId ?? undefined, path, error: cause ?? result.error },
      'A procedure failed',
    );
  }
  return result;
});

const signedIn = t.middleware(({ next, ctx }) => {
  if (ctx.core.actor.type !== 'anonymous') return next();
  throw toTRPCError(new DomainError('unauthenticated', say('signIn')));
});

export const { router } = t;

/** For the few procedures that work before anybody signed in. */
export const open = t.procedure.meta({ open: true }).use(counted).use(translated);

/** For all other procedures. The verb decides what the caller may do. */
export const authed = open.meta({ open: false }).use(signedIn);

/** For who is signed in, and what asks for a password or a code again. */
export const confirmed = authed.meta({ alone: true });

/** The domain's context of an open stream: it ends with the stream. */
export function until({ core }: ApiContext, signal: AbortSignal | undefined): Ctx {
  return {
    ...core,
    signal: signal ?? core.signal,
  };
}
