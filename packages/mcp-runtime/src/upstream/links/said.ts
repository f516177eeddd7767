import { isObject } from '@switchboard/basics';

/** Characters of what a server says that an error quotes, and of the text that they are looked for in. */
const quoted = 500;
const lookedAt = 64 * 1024;

/** Seconds of the longest wait that is passed on: a month. */
const longestWait = 31 * 24 * 3600;

/**
 * A server's text in an error answer that is no JSON-RPC, as one line of bounded length: JSON with one text as that
 * text, other JSON as it is, pages of HTML as their text. Empty for none.
 */
export function saidIn(body: unknown): string {
  const text = body === null ? '' : plainText(body);
  return text.length > quoted ? `${text.slice(0, quoted).toWellFormed()}…` : text.toWellFormed();
}

function plainText(body: unknown): string {
  if (typeof body === 'string') {
    const beginning = body.slice(0, lookedAt).trim();
    return oneLine(beginning.startsWith('<') ? textOfHtml(beginning) : beginning);
  }
  const [only, ...others] = isObject(body) ? Object.values(body) : [];
  return oneLine(typeof only === 'string' && others.length === 0 ? only : JSON.stringify(body));
}

function oneLine(text: string): string {
  return text
    .slice(0, lookedAt)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

const entities: readonly (readonly [string, string])[] = [
  ['&nbsp;', ' '],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&amp;', '&'],
];
/** Elements and comments whose text is none, by how they begin. */
const silentElements: readonly (readonly [begin: string, end: string])[] = [
  ['<!--', '-->'],
  ['<script', '</script'],
  ['<style', '</style'],
];

/** The text of a page. Looks at each character a bounded number of times: what has no end is the end. */
function textOfHtml(html: string): string {
  const lower = html.toLowerCase();
  const kept: string[] = [];
  let at = 0;
  while (at < html.length) {
    const tag = html.indexOf('<', at);
    kept.push(html.slice(at, tag === -1 ? html.length : tag));
    if (tag === -1) break;
    const silent = silentElements.find(([begin]) => lower.startsWith(begin, tag));
    const last = silent === undefined ? tag : lower.indexOf(silent[1], tag);
    const close = last === -1 ? -1 : html.indexOf('>', last);
    if (close === -1) break;
    at = close + 1;
  }
  return entities.reduce((text, [entity, character]) => text.replaceAll(entity, character), kept.join(' '));
}

/** Seconds that a `Retry-After` asks to wait, said as seconds or as a date; null where it says neither. */
export function retryAfterOf(header: unknown, now = Date.now()): number | null {
  if (typeof header !== 'string') return null;
  const text = header.trim();
  const isNumber = /^\d{1,9}(?:\.\d{1,9})?$/.test(text);
  // Dates begin with a weekday; of other texts Node.js makes a date of any kind.
  if (!isNumber && !/^[a-z]{3}/i.test(text)) return null;
  const seconds = Math.ceil(isNumber ? Number(text) : (Date.parse(text) - now) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(longestWait, Math.max(0, seconds));
}
