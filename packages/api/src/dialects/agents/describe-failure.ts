import type { ApiContext } from '../../context.ts';
import { internal } from '../kit/problem.ts';
import { findProblem } from '../kit/to-problem.ts';

const nowhere = { path: [], query: [], body: null, isBodyless: false, names: {} };

/** The failure in a stream after its status was sent. `code` is null for a fault of the hub, which its log has. */
export function describeFailure({ core }: ApiContext, error: unknown, logged: string) {
  const problem = findProblem(error, nowhere, undefined);
  if (!problem) core.log.error({ requestId: core.requestId, traceId: core.trace?.traceId ?? undefined, error }, logged);
  const { message } = problem ?? internal(core.requestId);
  return { message, code: problem?.code ?? null };
}
