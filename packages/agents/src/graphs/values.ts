/** Characters of an output that is read as JSON. */
const longestJson = 4_000_000;

/** The deepest nesting of lists and objects: functions over values recurse as deep. */
export const deepestJson = 200;

/** Whether a text of JSON has more lists and objects in each other than that. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const letter = json[at];
    if (letter === '"') isText = !isText;
    else if (isText) at += letter === '\\' ? 1 : 0;
    else if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth -= 1;
    if (depth > deepestJson) return true;
  }
  return false;
}

function parsed(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return isTooDeep(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The part of a text that is JSON: all of it, the content of its fence, or from its first brace to its last. */
function candidatesOf(text: string): string[] {
  const whole = text.trim();
  const fenceAt = whole.indexOf('```');
  const from = fenceAt === -1 ? -1 : whole.indexOf('\n', fenceAt);
  const to = from === -1 ? -1 : whole.indexOf('\n```', from);
  const begins = ['{', '['].map((open) => whole.indexOf(open)).filter((at) => at !== -1);
  const first = begins.length === 0 ? -1 : Math.min(...begins);
  const last = Math.max(whole.lastIndexOf('}'), whole.lastIndexOf(']'));
  return [
    whole,
    ...(to > from ? [whole.slice(from, to).trim()] : []),
    ...(first !== -1 && last > first ? [whole.slice(first, last + 1)] : []),
  ];
}

/** Why nothing of a text was read as JSON. */
export function whyUnread(text: string): string {
  if (text.length > longestJson) return `it is longer than ${longestJson} characters`;
  return isTooDeep(text) ? `it has more than ${deepestJson} lists and objects in each other` : 'it is no JSON';
}

/** A text as JSON; undefined where it is none. */
export function jsonIn(text: string): unknown {
  return text.length > longestJson ? undefined : parsed(text.trim());
}

/** The JSON that a model wrote, also with words around it; null for none. */
export function jsonWithin(text: string): { json: string; value: unknown } | null {
  if (text.length > longestJson) return null;
  for (const json of candidatesOf(text)) {
    const value = parsed(json);
    if (value !== undefined) return { json, value };
  }
  return null;
}
