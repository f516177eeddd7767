import { longestFilled, NodeError, TooLong, type NodeFault } from '@switchboard/agents/graphs';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { DomainError, type DomainErrorCode } from '../errors.ts';
import { say } from '../reasons.ts';

function reasonFor(fault: NodeFault): [DomainErrorCode, Reason] {
  switch (fault.code) {
    case 'timeout':
      return ['timeout', say('graphNodeTimeout', { seconds: Math.ceil(fault.ms / 1_000) })];
    case 'unfit':
      return ['unavailable', say('graphNodeUnfit', { problem: fault.problem })];
    case 'noTool':
      return ['not_found', say('graphToolGone', { server: fault.server, tool: fault.tool })];
    case 'tool':
      return ['unavailable', say('graphToolFailed', { tool: fault.tool, problem: fault.text })];
    case 'noItems':
      return ['invalid', say('graphNoItems')];
    case 'deepItems':
      return ['limit_exceeded', say('graphDeepItems', { most: fault.most })];
    case 'items':
      return ['limit_exceeded', say('graphItems', { count: fault.count, most: fault.most })];
  }
}

/** The failure of a node, worded by the hub where the graph itself is the cause. */
export function inWords(error: unknown): unknown {
  if (error instanceof TooLong) {
    return new DomainError('limit_exceeded', say('graphTooLong', { count: longestFilled }));
  }
  return error instanceof NodeError ? new DomainError(...reasonFor(error.fault)) : error;
}
