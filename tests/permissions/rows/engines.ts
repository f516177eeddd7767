import { ghost, ghostRun, onEngine, wholeEngine } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'engines.list': onEngine,
  'engines.overview': wholeEngine,
  'engines.diskUsage': wholeEngine,
  'engines.look': wholeEngine,
  'engines.runs': onEngine,
  'engines.run': ghostRun,
  'engines.usage': ghostRun,
  'engines.cancelRun': ghost({ runId: 'ghost' }),
};
