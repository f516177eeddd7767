import type { AuditEntry } from './schema.ts';

const columns = [
  'at',
  'kind',
  'action',
  'outcome',
  'userId',
  'userName',
  'actorType',
  'keyId',
  'keyName',
  'client',
  'way',
  'target',
  'targetName',
  'name',
  'durationMs',
  'address',
  'requestId',
  'traceId',
  'error',
  'details',
  'id',
] as const satisfies readonly (keyof AuditEntry)[];

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Spreadsheets run what begins like a formula; names of tools and clients are not ours. */
function cell(value: unknown): string {
  const text = textOf(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvHeader = `${columns.join(',')}\r\n`;
export function toCsv(entry: AuditEntry): string {
  return `${columns.map((column) => cell(entry[column])).join(',')}\r\n`;
}
/** One entry with the fields of a row of the CSV, and `details` as they are. */
export function toJsonLine({ errorReason: _errorReason, ...entry }: AuditEntry): string {
  return `${JSON.stringify(entry)}\n`;
}
