import type { LogEntry } from './types.ts';

/** What the details of a call say, as far as they say it. */
export interface CallDetails {
  app: string;
  tool: string;
  outcome: string;
  mode: string | null;
  model: string | null;
  faults: string[];
  parameters: unknown;
  /** JSON, which may be cut. */
  response: string;
}

function textIn(details: LogEntry['details'], name: string): string {
  const value = details[name];
  return typeof value === 'string' ? value : '';
}

/** A call as it was noted; null for what was done to apps and tokens. */
export function callOf({ kind, details }: Pick<LogEntry, 'kind' | 'details'>): CallDetails | null {
  if (kind !== 'call') return null;
  const faults = details['faults'];
  return {
    app: textIn(details, 'app'),
    tool: textIn(details, 'tool'),
    outcome: textIn(details, 'outcome'),
    mode: textIn(details, 'mode') || null,
    model: textIn(details, 'model') || null,
    faults: Array.isArray(faults) ? faults.filter((fault) => typeof fault === 'string') : [],
    parameters: details['parameters'],
    response: textIn(details, 'response'),
  };
}

/** What an entry is about: the product of a call, else what was named when it was done. */
export function subjectOf({ kind, details, targetType, targetId }: LogEntry): string {
  const call = callOf({ kind, details });
  if (call) return call.app;
  const [category, name] = [textIn(details, 'category'), textIn(details, 'name')];
  if (category !== '' && name !== '') return `${category}/${name}`;
  return textIn(details, 'description') || name || (targetId === null ? targetType : `${targetType} ${targetId}`);
}
