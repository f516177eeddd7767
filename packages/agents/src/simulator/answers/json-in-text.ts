import { readJson } from '../bounds.ts';

/** Places where JSON may begin that are tried: more would take more than linear time. */
const mostTries = 8;

/** The end of the object or list that starts here; -1 where it has none. */
function endOf(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function nextOpening(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{' || text[at] === '[') return at;
  }
  return -1;
}

/** The text between the first code fence and the next; the whole where there are none. */
function withoutFence(text: string): string {
  const open = text.indexOf('```');
  if (open === -1) return text;
  const from = text.indexOf('\n', open);
  if (from === -1) return text;
  const close = text.indexOf('```', from);
  return text.slice(from + 1, close === -1 ? undefined : close);
}

function firstBalanced(text: string): unknown {
  let at = nextOpening(text, 0);
  for (let tries = 0; at !== -1 && tries < mostTries; tries += 1) {
    const end = endOf(text, at);
    const value = end === -1 ? undefined : readJson(text.slice(at, end));
    if (value !== undefined) return value;
    at = nextOpening(text, at + 1);
  }
  return undefined;
}

/** The JSON object or list in what a model wrote, in code fences or among prose; undefined where there is none. */
export function jsonInText(text: string): unknown {
  const whole = readJson(text.trim());
  if (typeof whole === 'object' && whole !== null) return whole;
  const fenced = withoutFence(text);
  return firstBalanced(fenced) ?? (fenced === text ? undefined : firstBalanced(text));
}
