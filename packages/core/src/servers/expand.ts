/** The values that `${NAME}` may read: the server's own entries, and the names that the operator passes through. */
export type Lookup = (name: string) => string | undefined;

export interface Expanded {
  text: string;
  /** Names that nothing provides and that have no default. */
  missing: string[];
}

/** The beginning of a placeholder: all of `${NAME}`, or `${NAME:-` with its word to follow. */
const opening = /\$\{([A-Za-z_][A-Za-z0-9_]*)(\}|:[-+])/g;
const longest = 262_144;

/**
 * Replaces `${NAME}`, `${NAME:-default}` (when unset or empty) and `${NAME:+value}` (when set).
 * What is put in is not expanded again, and a result is cut at 256 KB, so no input grows without bound.
 */
export function expandText(text: string, lookup: Lookup): Expanded {
  const missing: string[] = [];
  const parts: string[] = [];
  let length = text.length;
  let done = 0;
  for (const { name, operator, word, start, end } of placeholdersIn(text)) {
    const value = lookup(name);
    const isSet = value !== undefined && value !== '';
    if (operator === '' && value === undefined) missing.push(name);
    const put = operator === ':+' ? (isSet ? word : '') : operator === ':-' && !isSet ? word : (value ?? '');
    length += put.length;
    parts.push(text.slice(done, start), length > longest ? '' : put);
    done = end;
  }
  parts.push(text.slice(done));
  return { text: parts.join(''), missing };
}

interface Placeholder {
  name: string;
  /** Empty for `${NAME}`. */
  operator: string;
  word: string;
  start: number;
  end: number;
}

/** Looks for the closing brace once for each placeholder, and ends where there is none: one pattern for all of it would look again for each opening. */
function* placeholdersIn(text: string): Generator<Placeholder> {
  let from = 0;
  for (;;) {
    opening.lastIndex = from;
    const found = opening.exec(text);
    if (found === null) return;
    const [whole, name = '', rest = ''] = found;
    const start = found.index;
    const wordAt = start + whole.length;
    const end = rest === '}' ? wordAt : text.indexOf('}', wordAt) + 1;
    if (end === 0) return;
    const word = rest === '}' ? '' : text.slice(wordAt, end - 1);
    yield { name, operator: rest === '}' ? '' : rest, word, start, end };
    from = end;
  }
}

export interface Expandable {
  command: string | null;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string | null;
  url: string | null;
  headers: Readonly<Record<string, string>>;
  /** Files in a container. */
  secrets: Readonly<Record<string, string>>;
}

/** Expands everything a server is launched with; its entries may read each other, but not themselves. */
export function expandLaunch(
  launch: Expandable,
  passthrough: Readonly<Record<string, string>>,
): Expandable & { missing: string[] } {
  const missing = new Set<string>();
  function own(map: Readonly<Record<string, string>>, name: string) {
    return Object.hasOwn(map, name) ? map[name] : undefined;
  }
  function fill(text: string, lookup: Lookup): string {
    const expanded = expandText(text, lookup);
    for (const name of expanded.missing) missing.add(name);
    return expanded.text;
  }
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(launch.env)) {
    env[key] = fill(value, (name) => (name === key ? undefined : own(launch.env, name)) ?? own(passthrough, name));
  }
  const lookup: Lookup = (name) => own(env, name) ?? own(passthrough, name);
  function text(value: string | null) {
    return value === null ? null : fill(value, lookup);
  }
  function values(map: Readonly<Record<string, string>>) {
    return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, fill(value, lookup)]));
  }
  return {
    command: text(launch.command),
    args: launch.args.map((arg) => fill(arg, lookup)),
    env,
    cwd: text(launch.cwd),
    url: text(launch.url),
    headers: values(launch.headers),
    secrets: values(launch.secrets),
    missing: [...missing].sort(),
  };
}
