import { describe, expect, it } from 'vitest';
import { nextRun, outcomeOf, startRun } from './run-state.ts';

const request = { serverId: 'demo', method: 'tools/call', name: 'echo', arguments: {} } as const;
function fresh() {
  return startRun('1', request, 1000);
}

describe('nextRun', () => {
  it('keeps the latest progress and the log', () => {
    const progress = {
      type: 'notification',
      method: 'notifications/progress',
      params: { progress: 2, total: 5 },
    } as const;
    const log = {
      type: 'notification',
      method: 'notifications/message',
      params: { level: 'warning', data: 'hm' },
    } as const;
    const run = nextRun(nextRun(fresh(), progress), log);
    expect(run.progress).toEqual({ done: 2, total: 5, message: null });
    expect(run.logs).toEqual([{ level: 'warning', logger: null, data: 'hm' }]);
  });

  it('holds questions until they are answered', () => {
    const asked = nextRun(fresh(), { type: 'ask', askId: 'a', method: 'elicitation/create', params: {} });
    expect(asked.asks.map((ask) => ask.askId)).toEqual(['a']);
    expect(nextRun(asked, { type: 'answered', askId: 'a' }).asks).toEqual([]);
  });

  it('tells a failed tool from a failed call', () => {
    const failedTool = nextRun(fresh(), { type: 'result', result: { isError: true }, durationMs: 5 });
    const failedCall = nextRun(fresh(), { type: 'error', code: -32602, message: 'no', durationMs: 5 });
    expect([outcomeOf(failedTool), outcomeOf(failedCall)]).toEqual(['tool_error', 'error']);
  });

  it('changes nothing once it ended', () => {
    const ended = nextRun(fresh(), { type: 'cancelled', at: 1500 });
    expect(nextRun(ended, { type: 'result', result: {}, durationMs: 9 })).toBe(ended);
  });
});
