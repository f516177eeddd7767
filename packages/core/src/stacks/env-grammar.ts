import { secretMask } from '../servers/schema.ts';

/** A piece of an environment file: what everybody may read, or a value. */
export interface EnvPiece {
  /** The text of the file, unchanged. */
  raw: string;
  /** Null for text that is shown: names, comments, line ends. */
  hidden: EnvHidden | null;
}

export interface EnvHidden {
  /** The name it belongs to, with `#` before it in a comment; empty where nothing is surely a name. */
  of: string;
  /** The values in it as Compose takes them, before escapes and variables in them are replaced. */
  values: string[];
}

/** Names that are surely names. Compose takes more, and what else it takes is treated as a value. */
const plainName = /^[\p{L}\p{N}_.\-[\]]{1,128}$/u;
/** An assignment that was made a comment still holds its value. */
const commented = /^#[#\t ]*(?:export[\t ]+)?([\p{L}\p{N}_.\-[\]]{1,128})[\t ]*(?:=[\t ]*|:[\t ]*(?=[^\s]+[\t\r ]*$))/u;
/** White space inside a line, for Compose. */
const blanks = new Set('\t\v\f\r \u0085\u00a0');
function isBlank(character: string): boolean {
  return blanks.has(character);
}
function isSpace(character: string): boolean {
  return character === '\n' || isBlank(character) || (character > '\u00a0' && /\p{White_Space}/u.test(character));
}
function isOfName(character: string): boolean {
  return /^[\w.\-[\]]$|^[\p{L}\p{N}]$/u.test(character);
}
const byteOrderMark = '\ufeff';

/** The parts of a statement; `end` is behind its last character. */
interface Statement {
  name: string;
  /** The start of the value; the start of the statement where it has no name. */
  value: number;
  end: number;
  content: string;
}

function skip(text: string, from: number, is: (character: string) => boolean): number {
  let at = from;
  while (at < text.length && is(text[at] ?? '')) at += 1;
  return at;
}

function withoutEnd(text: string, is: (character: string) => boolean): string {
  let end = text.length;
  while (end > 0 && is(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
}

/** The end of the name, at `=`, `:` or the end of the line; null at a character that no name may contain. */
function nameEnd(text: string, from: number): number | null {
  let at = from;
  while (at < text.length) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (character === '=' || character === ':' || character === '\n') return at;
    if (!isBlank(character) && !isOfName(character)) return null;
    at += character.length;
  }
  return at;
}

/** The value in quotes that begins here; null where the quote is never closed. */
function quoted(text: string, from: number): { end: number; content: string } | null {
  const quote = text[from];
  const parts: string[] = [];
  let start = from + 1;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === quote) {
      parts.push(text.slice(start, at));
      return { end: at + 1, content: parts.join('') };
    }
    if (text[at] !== '\\') continue;
    // An escaped quote loses its backslash; other escapes mean something in double quotes only.
    if (text[at + 1] === quote) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
    at += 1;
  }
  return null;
}

function isMaskedLine(text: string, from: number): boolean {
  if (!text.startsWith(secretMask, from)) return false;
  const next = skip(text, from + secretMask.length, isBlank);
  return next === text.length || text[next] === '\n';
}

/**
 * Reads the statement that starts at a character which is neither white space nor the start of a comment. Where Compose
 * would read none, the start of the next is unknown: the rest of the text counts as a value.
 */
function readStatement(text: string, from: number): Statement {
  // A line that was masked as a whole.
  if (isMaskedLine(text, from)) return { name: '', value: from, end: from + secretMask.length, content: secretMask };
  const broken: Statement = { name: '', value: from, end: text.length, content: text.slice(from) };
  const isExport = text.startsWith('export', from) && isBlank(text[from + 6] ?? '');
  const start = isExport ? skip(text, from + 6, isBlank) : from;
  const end = nameEnd(text, start);
  if (end === null) return broken;
  const name = withoutEnd(text.slice(start, end), isBlank);
  // Compose refuses a blank in a name.
  if (name.split('').some(isBlank)) return broken;
  // A name alone takes its value from elsewhere; a line of a value that lost its quotes looks the same.
  if (end === text.length || text[end] === '\n') return { name: '', value: from, end, content: text.slice(from, end) };
  const value = skip(text, end + 1, isBlank);
  const isPlain = plainName.test(name);
  const place = { name: isPlain ? name : '', value: isPlain ? value : from };
  if (text[value] === '"' || text[value] === "'") {
    const found = quoted(text, value);
    return { ...place, ...(found ?? { end: text.length, content: text.slice(value) }) };
  }
  const stop = lineEnd(text, value);
  return { ...place, end: stop, content: text.slice(value, stop) };
}

/** Reads the statements that begin on one line. After a quoted value Compose reads on where the quote is closed. */
function readLine(text: string, from: number): Statement & { values: string[] } {
  const first = readStatement(text, from);
  const values = [first.content];
  let { end } = first;
  for (;;) {
    const next = skip(text, end, isBlank);
    if (next === text.length || text[next] === '\n') return { ...first, end, values };
    if (text[next] === '#') {
      end = lineEnd(text, next);
      values.push(text.slice(next + 1, end));
    } else {
      const more = readStatement(text, next);
      ({ end } = more);
      values.push(more.content);
    }
  }
}

/**
 * Splits an environment file by the grammar of compose-go's dotenv, with which Compose reads it: names with `=` or `:`
 * and `export` before them, quotes with escapes and over several lines, a byte order mark, letters of any script. Text
 * that is not certainly a name, a comment or white space is hidden. The pieces joined are the text.
 */
export function readEnv(text: string): EnvPiece[] {
  const pieces: EnvPiece[] = [];
  function show(raw: string) {
    if (raw !== '') pieces.push({ raw, hidden: null });
  }
  function hide(raw: string, hidden: EnvHidden) {
    const kept = withoutEnd(raw, isBlank);
    pieces.push({ raw: kept, hidden });
    show(raw.slice(kept.length));
  }
  let at = text.startsWith(byteOrderMark) ? byteOrderMark.length : 0;
  show(text.slice(0, at));
  while (at < text.length) {
    const start = skip(text, at, isSpace);
    show(text.slice(at, start));
    at = start;
    if (start === text.length) break;
    if (text[start] === '#') {
      at = lineEnd(text, start);
      const line = text.slice(start, at);
      const [head = line, name] = commented.exec(line) ?? [];
      show(head);
      if (name !== undefined) hide(line.slice(head.length), { of: `#${name}`, values: [line.slice(head.length)] });
      continue;
    }
    const { name, value, end, values } = readLine(text, start);
    show(text.slice(start, value));
    hide(text.slice(value, end), { of: name, values });
    at = end;
  }
  return pieces;
}
