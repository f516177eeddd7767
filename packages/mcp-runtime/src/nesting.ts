const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Characters that are looked at one by one before a search is worth its call. */
const SHORT = 32;

/**
 * Deepest nesting of objects and arrays that a message may have. Writing JSON is recursive in V8 and in many clients;
 * the strictest of those that read MCP with a general JSON library (Python, Go, Java) end at about 1,000.
 */
export const MAX_DEPTH = 256;

/**
 * Whether a JSON text nests deeper than `limit`, found in one pass and before anything parses it. What is no JSON gives
 * some answer: the parser refuses it anyway.
 */
export function nestsDeeperThan(text: string, limit: number): boolean {
  // Each level has an opening and a closing character.
  if (text.length <= 2 * limit) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = endOfString(text, at);
      if (at === -1) return false;
      // One bit tells a brace from a bracket.
    } else if ((char | 0x20) === OPEN) {
      depth += 1;
      if (depth > limit) return true;
    } else if ((char | 0x20) === CLOSE) {
      depth -= 1;
    }
  }
  return false;
}

/** Where the string that begins here ends; -1 where it does not. Most are short keys, and the long ones are leapt over. */
function endOfString(text: string, start: number): number {
  const near = start + SHORT;
  for (let at = start + 1; at < near; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) return at;
    if (char === BACKSLASH) break;
  }
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return -1;
}
