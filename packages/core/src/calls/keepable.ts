import { mapReason, type Reason } from '@switchboard/mcp-runtime/reasons';
import type { CallRecord } from '@switchboard/mcp-runtime/types';
import { isSecretField, withoutTokens } from '../secrecy.ts';
import { secretMask } from '../servers/schema.ts';

const longestKept = 65_536;
const longestString = 49_152;
/** Looked at beyond what is kept of a text, so that a secret that begins within it is seen whole. */
const slack = 4_096;
/** The most characters that are searched for one record; the rest of a larger value is left out. */
const mostLookedAt = 131_072;
const mostEntries = 1_000;
const deepest = 12;
/** Shorter values are no secrets, and taking them out would garble everything. */
const shortestSecret = 6;

/** The characters that may still be searched for one record. */
interface Budget {
  left: number;
}

/** Values that are removed from a record wherever they occur. */
interface Hidden {
  /** Taken out of any text. */
  parts: readonly string[];
  /** Too short for that: taken out where a value is nothing else. */
  whole: ReadonlySet<string>;
}

/** Values under secret names in one call, and their characters: beyond, nothing is kept that may quote them. */
const mostGiven = 200;
const mostGivenCharacters = 65_536;
/** A longer one is looked for piece by piece, so that a text which ends within it is masked up to there. */
const pieceLength = 1_024;
/**
 * A value under a secret name was declared to be secret by its author, so a shorter value counts here than among a
 * server's own.
 */
const shortestGiven = 4;

/**
 * The secrets of the server, and what a call was given under secret names: its result and its error may quote it.
 * Null where there are more of those than can be looked for.
 */
function hiddenOf(secrets: readonly string[], given: unknown): Hidden | null {
  const values = new Set<string>();
  if (!collectGiven(given, 0, values, { left: mostGivenCharacters })) return null;
  const parts = new Set(secrets.filter((secret) => secret.length >= shortestSecret));
  for (const value of values) {
    if (value.length < shortestGiven) continue;
    // As a text has it, and as JSON within a text has it.
    for (const form of [value, JSON.stringify(value).slice(1, -1)]) {
      for (const piece of piecesOf(form)) parts.add(piece);
    }
  }
  // The longest first: one that holds another would leave the rest of itself.
  return { parts: [...parts].toSorted((a, b) => b.length - a.length), whole: values };
}

/** The last piece overlaps the one before, so that it is not a short text that occurs everywhere. */
function piecesOf(value: string): string[] {
  const last = Math.max(0, value.length - pieceLength);
  return Array.from({ length: Math.ceil(value.length / pieceLength) }, (_, index) => {
    const start = Math.min(index * pieceLength, last);
    return value.slice(start, start + pieceLength);
  });
}

/** False where there are too many, or they lie too deep. */
function collectGiven(value: unknown, depth: number, found: Set<string>, budget: Budget): boolean {
  budget.left -= 1;
  if (typeof value !== 'object' || value === null) return budget.left > 0;
  if (depth > deepest || budget.left <= 0) return false;
  return Object.entries(value).every(([name, entry]) => {
    if (!isSecretField(name)) return collectGiven(entry, depth + 1, found, budget);
    for (const one of secretValues(entry)) {
      if (one === '' || found.has(one)) continue;
      found.add(one);
      budget.left -= one.length;
    }
    return budget.left > 0 && found.size <= mostGiven && collectGiven(entry, depth + 1, found, budget);
  });
}

/** The values to mask under a secret name: one value or a list. An object has names of its own that decide. */
function secretValues(entry: unknown): string[] {
  return (Array.isArray(entry) ? entry : [entry]).flatMap((value: unknown) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? [String(value)] : [],
  );
}

const quoted = /"(?:[^"\\]|\\.)*"?/g;
/** A value that names say is secret: a text or a number, which may be cut off, or the values of a list. */
const jsonValue = /"(?:[^"\\]|\\.)*"?|-?\d[\d.eE+-]*|\[[^\][{}]*/y;
const inList = /"(?:[^"\\]|\\.)*"?|-?\d[\d.eE+-]*/g;

function afterSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 32) at += 1;
  return at;
}

/** A text in which JSON, anywhere in it, has no values under secret names. */
function withoutMembers(text: string): string {
  let clean = '';
  let copied = 0;
  quoted.lastIndex = 0;
  for (let name = quoted.exec(text); name !== null; name = quoted.exec(text)) {
    const end = quoted.lastIndex;
    const colon = afterSpace(text, end);
    // A single quote in the text before must not swap names and the text between them.
    quoted.lastIndex = text[colon] === ':' ? end : Math.max(end - 1, name.index + 1);
    if (text[colon] !== ':' || !isSecretField(name[0].slice(1, -1))) continue;
    jsonValue.lastIndex = afterSpace(text, colon + 1);
    const [value] = jsonValue.exec(text) ?? [''];
    if (value === '') continue;
    const after = jsonValue.lastIndex;
    clean += text.slice(copied, after - value.length);
    clean += value.startsWith('[') ? value.replace(inList, `"${secretMask}"`) : `"${secretMask}"`;
    copied = quoted.lastIndex = after;
  }
  return clean + text.slice(copied);
}

function cleanText(text: string, hidden: Hidden, budget: Budget): string {
  if (hidden.whole.has(text)) return secretMask;
  const { clean, cut } = maskText(text, hidden, longestString, budget);
  return cut ? `${clean}… (${text.length} characters)` : clean;
}

function maskText(text: string, { parts }: Hidden, longest: number, budget: Budget): { clean: string; cut: boolean } {
  const seen = Math.min(text.length, longest + slack, budget.left);
  budget.left -= seen;
  let clean = text.slice(0, seen).replaceAll('\0', '').toWellFormed();
  for (const part of parts) clean = clean.replaceAll(part, secretMask);
  clean = withoutTokens(withoutMembers(clean), secretMask);
  const kept = Math.min(longest, seen < text.length ? Math.max(0, clean.length - slack) : clean.length);
  const cut = kept < clean.length || seen < text.length;
  return { clean: cut ? clean.slice(0, kept).toWellFormed() : clean, cut };
}

const longestError = 2_000;
const longestToolError = 500;

/**
 * Why a call failed, as history keeps it: secrets taken out, those that the call was given too, and short; what a tool
 * itself said is a line of it.
 */
export function keepableFailure(
  { outcome, errorMessage, errorReason, given }: Pick<CallRecord, 'outcome' | 'errorMessage' | 'errorReason' | 'given'>,
  secrets: readonly string[],
): { errorMessage: string | null; errorReason: Reason | null } {
  if (errorMessage === null) return { errorMessage, errorReason: null };
  const hidden = hiddenOf(secrets, given);
  if (hidden === null) return { errorMessage: secretMask, errorReason: null };
  const longest = outcome === 'tool_error' ? longestToolError : longestError;
  const { clean, cut } = maskText(errorMessage, hidden, longest, { left: mostLookedAt });
  const budget = { left: mostLookedAt };
  return {
    errorMessage: cut && outcome === 'tool_error' ? `${clean}…` : clean,
    errorReason: errorReason
      ? mapReason(errorReason, (text) => maskText(text, hidden, longestError, budget).clean)
      : null,
  };
}

function cleanValue(value: unknown, hidden: Hidden, depth: number, budget: Budget): unknown {
  if (typeof value === 'string') return cleanText(value, hidden, budget);
  budget.left -= 1;
  if (typeof value === 'number' || typeof value === 'bigint')
    return hidden.whole.has(String(value)) ? secretMask : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest || budget.left <= 0) return '…';
  function clean(entry: unknown): unknown {
    return cleanValue(entry, hidden, depth + 1, budget);
  }
  if (Array.isArray(value)) return value.slice(0, mostEntries).map(clean);
  const entries = Object.entries(value).slice(0, mostEntries);
  return Object.fromEntries(
    entries.map(([name, entry]) => [
      cleanText(name, hidden, budget),
      isSecretField(name) ? cleanSecret(entry, clean) : clean(entry),
    ]),
  );
}

function cleanSecret(entry: unknown, clean: (entry: unknown) => unknown): unknown {
  if (typeof entry !== 'object') return secretMask;
  if (!Array.isArray(entry)) return clean(entry);
  return entry.slice(0, mostEntries).map((each: unknown) => (typeof each === 'object' ? clean(each) : secretMask));
}

/**
 * A value as history keeps it: secrets taken out, and what the call was `given` under secret names; cut to a bounded
 * size, at a cost that no value can raise.
 */
export function keepable(value: unknown, secrets: readonly string[], given?: unknown): unknown {
  const hidden = hiddenOf(secrets, given) ?? (value === given ? hiddenOf(secrets, undefined) : null);
  if (hidden === null) return secretMask;
  const clean = cleanValue(value, hidden, 0, { left: mostLookedAt });
  const json = JSON.stringify(clean) ?? 'null';
  return json.length <= longestKept
    ? clean
    : { cut: true, characters: json.length, start: json.slice(0, longestKept).toWellFormed() };
}
