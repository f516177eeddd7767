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
      seq: 1,
      method: 'notifications/progress',
      params: { progress: 2, total: 5 },
    } as const;
    const log = {
      type: 'notification',
      seq: 2,
      method: 'notifications/message',
      params: { level: 'warning', data: 'hm' },
    } as const;
    const run = nextRun(nextRun(fresh(), progress), log);
    expect(run.progress).toEqual({ done: 2, total: 5, message: null });
    expect(run.logs).toEqual([{ level: 'warning', logger: null, data: 'hm' }]);
  });

  it('holds questions until they are answered', () => {
    const asked = nextRun(fresh(), { type: 'ask', seq: 1, askId: 'a', method: 'elicitation/create', params: {} });
    expect(asked.asks.map((ask) => ask.askId)).toEqual(['a']);
    expect(nextRun(asked, { type: 'answered', askId: 'a' }).asks).toEqual([]);
  });

  it('takes nothing twice that a stream repeats, and counts what is not kept', () => {
    const asked = nextRun(fresh(), { type: 'ask', seq: 3, askId: 'a', method: 'elicitation/create', params: {} });
    const answered = nextRun(asked, { type: 'answered', seq: 4, askId: 'a' });
    expect(nextRun(answered, { type: 'ask', seq: 3, askId: 'a', method: 'elicitation/create', params: {} })).toBe(
      answered,
    );
    expect(nextRun(answered, { type: 'gap', seq: 9, missed: 5 })).toMatchObject({ seq: 9, missed: 5, asks: [] });
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
