/** A placeholder in a template: names of which the first that has something counts, and how much of it is wanted. */
export interface Token {
  names: readonly string[];
  /** The latest so many; `all`: every one; null: the latest. */
  count: number | 'all' | null;
}

export type TextPart = { text: string } | { token: Token; source: string };

const longestToken = 220;
const wordLike = /^[\p{L}\p{N}_.-]+$/u;

function parsed(body: string, isKnown: (name: string) => boolean): Token | null {
  const colon = body.lastIndexOf(':');
  const suffix = colon === -1 ? '' : body.slice(colon + 1).trim();
  const counted = suffix === 'all' || /^[1-9]\d{0,3}$/.test(suffix);
  const names = (counted ? body.slice(0, colon) : body).split('|').map((name) => name.trim());
  // A text that is neither known nor like a name stays text: JSON, code.
  if (!names.every((name) => isKnown(name) || wordLike.test(name))) return null;
  return { names, count: counted ? (suffix === 'all' ? 'all' : Number(suffix)) : null };
}

/**
 * Splits a template at its placeholders: `{name}`, `{name:3}`, `{name:all}`, `{file.ext}`, and the same in double
 * braces, where `{{a|b}}` is the first with a value. Other text stays text. Linear in the text.
 */
export function piecesOf(template: string, isKnown: (name: string) => boolean): TextPart[] {
  const pieces: TextPart[] = [];
  let from = 0;
  let at = template.indexOf('{');
  while (at !== -1) {
    const width = template.startsWith('{{', at) ? 2 : 1;
    const begin = at + width;
    const close = '}'.repeat(width);
    const window = template.slice(begin, begin + longestToken);
    const length = window.search(/[{}\n]/);
    const isClosed = length > 0 && window.startsWith(close, length);
    const token = isClosed ? parsed(window.slice(0, length), isKnown) : null;
    if (token) {
      if (at > from) pieces.push({ text: template.slice(from, at) });
      from = begin + length + width;
      pieces.push({ token, source: template.slice(at, from) });
      at = template.indexOf('{', from);
    } else {
      at = template.indexOf('{', at + width);
    }
  }
  if (from < template.length) pieces.push({ text: template.slice(from) });
  return pieces;
}

/** A field of a node's output, where the name is no node's and the part before one of its dots is. */
export function fieldOf(name: string, isKnown: (name: string) => boolean): { node: string; path: string } | null {
  if (isKnown(name)) return null;
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const node = name.slice(0, dot);
    if (isKnown(node)) return { node, path: name.slice(dot + 1) };
  }
  return null;
}

/** The most characters of a filled template: it may contain outputs and names many times. */
export const longestFilled = 4_000_000;

/** A template becomes longer than anything that models take. */
export class TooLong extends Error {
  override name = 'TooLong';
  constructor() {
    super(`A template becomes longer than ${longestFilled} characters.`);
  }
}

/** Puts a filled template together piece by piece; `add` throws TooLong. */
export function createText(): { add(text: string): void; text(): string } {
  const texts: string[] = [];
  let length = 0;
  return {
    add(text) {
      length += text.length;
      if (length > longestFilled) throw new TooLong();
      texts.push(text);
    },
    text: () => texts.join(''),
  };
}

/** A template as text again, with other names in its placeholders; one name may become several, one below the other. */
export function renamed(
  template: string,
  isKnown: (name: string) => boolean,
  toNames: (name: string) => readonly string[],
): string {
  const result = createText();
  function namesFor(name: string): readonly string[] {
    const field = fieldOf(name, isKnown);
    return field ? toNames(field.node).map((node) => `${node}.${field.path}`) : toNames(name);
  }
  for (const piece of piecesOf(template, isKnown)) {
    if ('text' in piece) {
      result.add(piece.text);
      continue;
    }
    const { names, count } = piece.token;
    const suffix = count === null ? '' : `:${count}`;
    const [first = '', ...others] = names;
    if (others.length > 0) result.add(`{{${names.map((name) => namesFor(name)[0] ?? '').join('|')}${suffix}}}`);
    else {
      for (const [at, name] of namesFor(first).entries()) result.add(`${at === 0 ? '' : '\n\n'}{{${name}${suffix}}}`);
    }
  }
  return result.text();
}

const between = '\n\n---\n\n';

/** The latest of these texts, or so many of them. */
export function joined(texts: readonly string[], count: Token['count']): string {
  if (count === null) return texts.at(-1) ?? '';
  return (count === 'all' ? texts : texts.slice(-count)).join(between);
}
