import type { GraphProblem } from '@switchboard/agents/graphs';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { say } from '../reasons.ts';
import type { ToldProblem } from './schema.ts';

/** Why a graph is not fine, as a reason. */
export function whyOf({ code, params }: GraphProblem): Reason {
  // Each code comes with the parameters of its own sentence, which a union of codes cannot say.
  return (say as (code: GraphProblem['code'], params: GraphProblem['params']) => Reason)(code, params);
}

export function toTold(problem: GraphProblem): ToldProblem {
  const { node } = problem;
  return { why: whyOf(problem), ...(node !== undefined && { node }) };
}
