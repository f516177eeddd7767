/** Which characters an expression can stand for, and whether it can stand for nothing. */
interface Wild {
  literal: null;
  allows: (char: string) => boolean;
  /** Characters that have to come first, where anything comes at all. */
  opens: string;
  optional: boolean;
}

type Part = { literal: string } | Wild;

const CACHE_SIZE = 2000;
const LONGEST_TEMPLATE = 2000;
const LONGEST_URI = 8192;
const MOST_EXPRESSIONS = 50;

const cache = new Map<string, readonly Part[] | null>();

const any = (): boolean => true;
const noneOf =
  (chars: string) =>
  (char: string): boolean =>
    !chars.includes(char);

function expression(operator: string): Wild {
  if (operator === '?' || operator === '&') return { literal: null, allows: noneOf('#'), opens: '?&', optional: true };
  if (operator === '#') return { literal: null, allows: any, opens: '#', optional: true };
  if (operator === '/') return { literal: null, allows: noneOf('?#'), opens: '/', optional: true };
  if (operator === '+') return { literal: null, allows: any, opens: '', optional: false };
  return { literal: null, allows: noneOf('/?#'), opens: '', optional: false };
}

function parse(template: string): readonly Part[] | null {
  if (template.length > LONGEST_TEMPLATE) return null;
  const parts = template.split(/(\{[^{}]*\})/).filter((text) => text !== '');
  if (parts.length > 2 * MOST_EXPRESSIONS) return null;
  return parts.map((text) => (text.startsWith('{') ? expression(text[1] ?? '') : { literal: text }));
}

/** Marks in `to` every place a wild part can end that begins at one marked in `from`. */
function spread(part: Wild, uri: string, from: Uint8Array, to: Uint8Array): void {
  let within = false;
  for (let at = 0; at <= uri.length; at++) {
    if (from[at] === 1 && part.optional) to[at] = 1;
    const char = uri[at];
    if (char === undefined) return;
    const begins = from[at] === 1 && (part.opens === '' || part.opens.includes(char));
    within = (within || begins) && part.allows(char);
    if (within) to[at + 1] = 1;
  }
}

/** Walks all ways through the template at once: time grows with the length of URI times parts, whatever they are. */
function walk(parts: readonly Part[], uri: string): boolean {
  let from = new Uint8Array(uri.length + 1);
  from[0] = 1;
  for (const part of parts) {
    const to = new Uint8Array(uri.length + 1);
    if (part.literal === null) spread(part, uri, from, to);
    else {
      for (let at = uri.indexOf(part.literal); at !== -1; at = uri.indexOf(part.literal, at + 1)) {
        if (from[at] === 1) to[at + part.literal.length] = 1;
      }
    }
    from = to;
  }
  return from[uri.length] === 1;
}

/** Whether a URI could have come from an RFC 6570 template; used to choose a server, not to extract values. */
export function matchesTemplate(template: string, uri: string): boolean {
  let parts = cache.get(template);
  if (parts === undefined) {
    if (cache.size >= CACHE_SIZE) cache.clear();
    parts = parse(template);
    cache.set(template, parts);
  }
  if (parts === null || uri.length > LONGEST_URI) return false;
  const [first] = parts;
  if (first !== undefined && first.literal !== null && !uri.startsWith(first.literal)) return false;
  return walk(parts, uri);
}
