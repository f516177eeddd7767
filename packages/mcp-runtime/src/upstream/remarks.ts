import type { LogLevel } from '../types.ts';
import { createAllowance } from './allowance.ts';

const burst = 50;
const perSecond = 5;
const reportMs = 1_000;

export type Remark = (level: LogLevel, text: string) => void;

/** Bounds what the hub says about a connection on account of what its server sends: 50 lines at once and 5 a second. */
export function boundRemarks(log: Remark, now: () => number = () => performance.now()): Remark {
  const allowance = createAllowance(burst, perSecond, now);
  let dropped = 0;
  let reporter: NodeJS.Timeout | null = null;
  function report() {
    reporter = null;
    log('warn', `${dropped} more remarks of the hub on this connection came too fast and were dropped.`);
    dropped = 0;
  }
  return (level, text) => {
    if (allowance.ready()) {
      allowance.spend();
      return log(level, text);
    }
    dropped += 1;
    reporter ??= setTimeout(report, reportMs).unref();
  };
}
