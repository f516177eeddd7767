import { isObject } from '@switchboard/basics';
import type { CallResult } from './types.ts';

export interface ReadResult {
  /** Without the line that tells models how it went. */
  text: string;
  images: string[];
  /** What the text says as JSON; undefined where it says none. */
  json: unknown;
}

const longestJson = 200_000;

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text) || text.length > longestJson) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A tool's result as people read it. */
export function readResult({ message, detail }: CallResult): ReadResult {
  const { content } = message;
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
  const whole = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  const text = whole.replace(/^Tool \S{1,200} (?:succeeded|failed):\n/, '');
  const images = parts.flatMap((part) =>
    part.type === 'image_url' && part.image_url.url.startsWith('data:image/') ? [part.image_url.url] : [],
  );
  return { text, images, json: detail?.structured ?? parsed(text) };
}

/** What a model gave a tool; nothing where it wrote no JSON object. */
export function inputOf(text: string): { [key: string]: unknown } {
  const value = parsed(text);
  return isObject(value) ? value : {};
}

/** Browsers keep what goes along with an address, and bound it. */
const longestGiven = 100_000;

/** What a model gave a tool, to begin a form with; nothing where it is no JSON object, or too much for a form. */
export function givenOf(text: string): { [key: string]: unknown } | undefined {
  const value = text.length > longestGiven ? undefined : parsed(text);
  return isObject(value) ? value : undefined;
}

/** A result as servers write it, as far as it is kept. */
export function toResult(result: CallResult): { [key: string]: unknown } {
  const { text } = readResult(result);
  const structured = result.detail?.structured;
  return {
    content: [{ type: 'text', text }],
    isError: result.message.is_error === true,
    ...(structured !== undefined && { structuredContent: structured }),
  };
}

export interface Table {
  columns: string[];
  rows: string[][];
  /** Rows that there are beyond those that are shown. */
  more: number;
}

const mostColumns = 12;
const mostRows = 100;
const longestCell = 500;

function cellOf(value: unknown): string {
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return text.length > longestCell ? `${text.slice(0, longestCell).toWellFormed()}…` : text;
}

/** Values of one shape as a table; also where an object holds nothing but them. Null where they are none. */
export function tableOf(value: unknown): Table | null {
  const inner = isObject(value) && Object.keys(value).length === 1 ? Object.values(value)[0] : value;
  if (!Array.isArray(inner) || inner.length < 2) return null;
  const shown: unknown[] = inner.slice(0, mostRows);
  if (!shown.every(isObject)) return null;
  const columns = [...new Set(shown.flatMap((row) => Object.keys(row)))];
  if (columns.length === 0 || columns.length > mostColumns) return null;
  return {
    columns,
    rows: shown.map((row) => columns.map((name) => cellOf(row[name]))),
    more: inner.length - shown.length,
  };
}
