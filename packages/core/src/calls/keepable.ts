import type { CallRecord } from '@switchboard/mcp-runtime/types';
import { isSecretField, withoutTokens } from '../secrecy.ts';
import { MASK } from '../servers/schema.ts';

const longestKept = 16_384;
const longestString = 4_096;
/** Looked at beyond what is kept of a text, so that a secret that begins within it is seen whole. */
const slack = 4_096;
/** Characters looked at for one record; the rest of a larger value is left out. */
const mostLookedAt = 131_072;
const mostEntries = 1_000;
const deepest = 12;
/** Shorter values are no secrets, and taking them out would garble everything. */
const shortestSecret = 6;

/** What may still be looked at for one record, in characters. */
interface Budget {
  left: number;
}

const cleanText = (text: string, secrets: readonly string[], budget: Budget): string => {
  const { clean, cut } = maskText(text, secrets, longestString, budget);
  return cut ? `${clean}… (${text.length} characters)` : clean;
};

const maskText = (
  text: string,
  secrets: readonly string[],
  longest: number,
  budget: Budget,
): { clean: string; cut: boolean } => {
  const seen = Math.min(text.length, longest + slack, budget.left);
  budget.left -= seen;
  let clean = text.slice(0, seen).replaceAll('\0', '').toWellFormed();
  for (const secret of secrets) if (secret.length >= shortestSecret) clean = clean.replaceAll(secret, MASK);
  clean = withoutTokens(clean, MASK);
  const kept = Math.min(longest, seen < text.length ? Math.max(0, clean.length - slack) : clean.length);
  const cut = kept < clean.length || seen < text.length;
  return { clean: cut ? clean.slice(0, kept).toWellFormed() : clean, cut };
};

const longestError = 2_000;
const longestToolError = 500;

/** Why a call failed, as history keeps it: secrets taken out, and short; what a tool itself said is a line of it. */
export const keepableError = (
  { outcome, errorMessage }: Pick<CallRecord, 'outcome' | 'errorMessage'>,
  secrets: readonly string[],
): string | null => {
  if (errorMessage === null) return null;
  const longest = outcome === 'tool_error' ? longestToolError : longestError;
  const { clean, cut } = maskText(errorMessage, secrets, longest, { left: mostLookedAt });
  return cut && outcome === 'tool_error' ? `${clean}…` : clean;
};

const cleanValue = (value: unknown, secrets: readonly string[], depth: number, budget: Budget): unknown => {
  if (typeof value === 'string') return cleanText(value, secrets, budget);
  budget.left -= 1;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest || budget.left <= 0) return '…';
  const clean = (entry: unknown): unknown => cleanValue(entry, secrets, depth + 1, budget);
  if (Array.isArray(value)) return value.slice(0, mostEntries).map(clean);
  const entries = Object.entries(value).slice(0, mostEntries);
  return Object.fromEntries(
    entries.map(([name, entry]) => [
      cleanText(name, secrets, budget),
      isSecretField(name) && typeof entry !== 'object' ? MASK : clean(entry),
    ]),
  );
};

/** A value as history keeps it: secrets taken out, cut to a bounded size, at a cost that no value can raise. */
export const keepable = (value: unknown, secrets: readonly string[]): unknown => {
  const clean = cleanValue(value, secrets, 0, { left: mostLookedAt });
  const json = JSON.stringify(clean) ?? 'null';
  return json.length <= longestKept
    ? clean
    : { cut: true, characters: json.length, start: json.slice(0, longestKept).toWellFormed() };
};
