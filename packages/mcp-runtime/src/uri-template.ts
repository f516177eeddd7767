/** The characters that an expression can match, and whether it can be empty. */
interface Wild {
  literal: null;
  allows: (char: string) => boolean;
  /** Characters that have to come first, where anything comes at all. */
  opens: string;
  optional: boolean;
}

type Part = { literal: string } | Wild;

interface Template {
  parts: readonly Part[];
  /** The start and end of a URI; empty where an expression is there. */
  first: string;
  last: string;
  /** Characters that a URI has at least. */
  shortest: number;
}

const cacheSize = 20_000;
/** Characters of a template; of a longer one nothing is known. */
export const longestTemplate = 2000;
/** Characters of a URI, here and in the lists of servers. */
export const longestUri = 8192;
const mostExpressions = 50;
/** Steps that the templates of one server may take for one URI, so that they leave some to those of others: some 5 ms. */
const serverSteps = 500_000;
/** Steps for one URI in all. */
const allSteps = 5_000_000;

const cache = new Map<string, Template | null>();

function any(): boolean {
  return true;
}
function noneOf(chars: string) {
  return (char: string): boolean => !chars.includes(char);
}

function expression(operator: string): Wild {
  if (operator === '?' || operator === '&') return { literal: null, allows: noneOf('#'), opens: '?&', optional: true };
  if (operator === '#') return { literal: null, allows: any, opens: '#', optional: true };
  if (operator === '/') return { literal: null, allows: noneOf('?#'), opens: '/', optional: true };
  if (operator === '+') return { literal: null, allows: any, opens: '', optional: false };
  return { literal: null, allows: noneOf('/?#'), opens: '', optional: false };
}

function parse(template: string): Template | null {
  if (template.length > longestTemplate) return null;
  const texts = template.split(/(\{[^{}]*\})/).filter((text) => text !== '');
  if (texts.length > 2 * mostExpressions) return null;
  const parts = texts.map((text): Part => (text.startsWith('{') ? expression(text[1] ?? '') : { literal: text }));
  const literals = parts.map(({ literal }) => literal ?? '');
  const shortest = literals.reduce((sum, literal) => sum + literal.length, 0);
  return { parts, first: literals[0] ?? '', last: literals.at(-1) ?? '', shortest };
}

function parsed(template: string): Template | null {
  let known = cache.get(template);
  if (known === undefined) {
    if (cache.size >= cacheSize) cache.clear();
    known = parse(template);
    cache.set(template, known);
  }
  return known;
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

/**
 * Whether a URI could have come from an RFC 6570 template; used to choose a server, not to extract values. Null where
 * that would take more than is allowed: the URI or the template is too long, or too much was tried on this URI before.
 */
export type Fits = (serverId: string, template: string) => boolean | null;

/** Tries templates of servers on one URI, within a budget that no server and no URI can raise. */
export function fitsFor(uri: string): Fits {
  const spent = new Map<string, number>();
  let all = 0;
  return (serverId, template) => {
    const known = parsed(template);
    if (known === null || uri.length > longestUri) return null;
    const { parts, first, last, shortest } = known;
    if (uri.length < shortest || !uri.startsWith(first) || !uri.endsWith(last)) return false;
    const steps = (uri.length + 1) * (parts.length + (shortest >> 6));
    const own = (spent.get(serverId) ?? 0) + steps;
    if (own > serverSteps || all + steps > allSteps) return null;
    spent.set(serverId, own);
    all += steps;
    return walk(parts, uri);
  };
}
