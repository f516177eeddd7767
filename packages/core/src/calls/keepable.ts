const mask = '***';
const longestKept = 16_384;
const longestString = 4_096;
const mostEntries = 1_000;
const deepest = 12;
/** Shorter values are no secrets, and taking them out would garble everything. */
const shortestSecret = 6;

const secretName = /pass(word|wd|phrase)?$|secret|token$|api[-_]?key|authorization|credential|private[-_]?key|cookie/i;
/** Credentials that give themselves away: ours, bearer headers, JSON web tokens, keys of well-known services. */
const secretShape =
  /\bsbk_[\w-]{20,}|\bBearer\s+[\w.~+/-]{8,}=*|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\b(?:sk|ghp|gho|xox[abps])[-_][\w-]{16,}/gi;

const cleanText = (text: string, secrets: readonly string[]): string => {
  let clean = text.replaceAll('\0', '').toWellFormed();
  for (const secret of secrets) if (secret.length >= shortestSecret) clean = clean.replaceAll(secret, mask);
  clean = clean.replace(secretShape, mask);
  return clean.length > longestString
    ? `${clean.slice(0, longestString).toWellFormed()}… (${clean.length} characters)`
    : clean;
};

const cleanValue = (value: unknown, secrets: readonly string[], depth: number): unknown => {
  if (typeof value === 'string') return cleanText(value, secrets);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return '…';
  if (Array.isArray(value)) return value.slice(0, mostEntries).map((entry) => cleanValue(entry, secrets, depth + 1));
  const entries = Object.entries(value).slice(0, mostEntries);
  return Object.fromEntries(
    entries.map(([name, entry]) => [
      cleanText(name, secrets),
      secretName.test(name) && typeof entry !== 'object' ? mask : cleanValue(entry, secrets, depth + 1),
    ]),
  );
};

/** A value as history keeps it: secrets taken out, cut to a bounded size. */
export const keepable = (value: unknown, secrets: readonly string[]): unknown => {
  const clean = cleanValue(value, secrets, 0);
  const json = JSON.stringify(clean) ?? 'null';
  return json.length <= longestKept
    ? clean
    : { cut: true, characters: json.length, start: json.slice(0, longestKept).toWellFormed() };
};
