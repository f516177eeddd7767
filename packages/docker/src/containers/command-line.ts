import { invalid } from '../errors.ts';

/** Splits a command as a shell would, but runs and expands nothing: quotes and backslashes only. */
export function splitCommand(text: string, field = 'command'): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
    } else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end === -1) throw invalid(field, `the quote ' at character ${at + 1} is never closed.`);
      word = (word ?? '') + text.slice(at + 1, end);
      at = end + 1;
    } else if (char === '"') {
      const quoted = doubleQuoted(text, at, field);
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (char === '\\') {
      if (at + 1 === text.length) throw invalid(field, 'ends with a backslash that escapes nothing.');
      word = (word ?? '') + text.charAt(at + 1);
      at += 2;
    } else {
      word = (word ?? '') + char;
      at += 1;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

function doubleQuoted(text: string, start: number, field: string): { text: string; end: number } {
  let word = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { text: word, end: at + 1 };
    const next = text.charAt(at + 1);
    const escapes = char === '\\' && (next === '"' || next === '\\');
    word += escapes ? next : char;
    if (escapes) at += 1;
  }
  throw invalid(field, `the quote " at character ${start + 1} is never closed.`);
}

/** Writes words so that `splitCommand` gives them back. */
export function joinCommand(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)).join(' ');
}
