const quote = 34;
const backslash = 92;
const comma = 44;
const open = 0x7b;
const close = 0x7d;
/** The characters that are read one by one before a search is worth its call. */
const short = 32;

/** The bounds of a message's structure. */
export interface MessageBounds {
  /** Levels of objects and arrays. */
  depth: number;
  /** The values, counted by commas and opening brackets. */
  values: number;
}

/**
 * Writing JSON is recursive in V8 and in many clients; the strictest of those that read MCP with a general JSON library
 * (Python, Go, Java) end at about 1,000 levels. Reading and writing half a million values takes about a tenth of a
 * second, in which the hub does nothing else; a text of the same length takes a tenth of that.
 */
export const messageBounds: MessageBounds = { depth: 256, values: 500_000 };

/**
 * The bound that the structure of a JSON text exceeds, as the end of a sentence, found in one pass before anything
 * parses it; null for none. Invalid JSON gives some answer: the parser refuses it anyway.
 */
export function excessOf(text: string, bounds: MessageBounds = messageBounds): string | null {
  // Each level has an opening and a closing character.
  if (text.length <= 2 * bounds.depth) return null;
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) {
      at = endOfString(text, at);
      if (at === -1) return null;
    } else if (char === comma) {
      values += 1;
      // One bit distinguishes a brace from a bracket.
    } else if ((char | 0x20) === open) {
      depth += 1;
      values += 1;
      if (depth > bounds.depth) return `is nested deeper than ${bounds.depth} levels`;
    } else if ((char | 0x20) === close) {
      depth -= 1;
    }
    if (values > bounds.values) return `has more than ${bounds.values} values`;
  }
  return null;
}

/** The end of the string that starts here; -1 where it has none. Most are short keys, and long ones are searched. */
export function endOfString(text: string, start: number): number {
  const near = start + short;
  for (let at = start + 1; at < near; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) return at;
    if (char === backslash) break;
  }
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return -1;
}
