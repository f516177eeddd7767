/** The same letters in one spelling: full-width letters, ligatures and decomposed accents become the usual ones. */
function plainForm(name: string): string {
  return name.normalize('NFKC');
}

/** By this two spellings of one name meet, whatever their case; names are looked up by it and are unique by it. */
export function usernameKey(name: string): string {
  return plainForm(plainForm(name).toLowerCase());
}

/** Letters, marks on letters, ASCII digits and `. _ @ -`, beginning with a letter or digit. */
const form = /^[\p{L}0-9][\p{L}\p{M}0-9._@-]*$/u;
/** Characters that no font shows: joiners, fillers, selectors. */
const invisible = /\p{Default_Ignorable_Code_Point}/u;
const longMarks = /\p{M}{5}/u;
const longest = 64;

/** Scripts that people write together; every other name keeps to one (UTS 39, highly restrictive). */
const together: readonly (readonly string[])[] = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

const scriptNames =
  'Latin Greek Cyrillic Armenian Hebrew Arabic Syriac Thaana Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu ' +
  'Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Georgian Hangul Ethiopic Cherokee Khmer Mongolian Hiragana ' +
  'Katakana Bopomofo Han';
const scripts = scriptNames.split(' ').map((script) => ({
  script,
  pattern: new RegExp(`\\p{Script_Extensions=${script}}`, 'u'),
}));

const isLetter = /\p{L}/u;

/** Whether the letters of a name may be combined: those of one script, or of scripts that are written together. */
function keepsToItsScripts(name: string): boolean {
  const letters = Array.from(name).filter((letter) => isLetter.test(letter));
  function inAll(allowed: readonly string[]): boolean {
    const patterns = scripts.filter(({ script }) => allowed.includes(script));
    return letters.every((letter) => patterns.some(({ pattern }) => pattern.test(letter)));
  }
  return scripts.some(({ script }) => inAll([script])) || together.some(inAll);
}

/** A user name in the form in which it is kept, or what is wrong with it. */
export function readUsername(given: string): { name: string } | { problem: string } {
  // Before anything walks it: one character may become eighteen.
  if (given.length > 4 * longest) return { problem: `must have at most ${longest} characters` };
  const name = plainForm(given);
  if (name === '') return { problem: 'must not be empty' };
  if (Array.from(name).length > longest) return { problem: `must have at most ${longest} characters` };
  if (invisible.test(name)) return { problem: 'must have no invisible characters' };
  if (!form.test(name) || longMarks.test(name)) {
    return { problem: "must be letters of any script, digits, '.', '_', '@' or '-', and begin with a letter or digit" };
  }
  if (!keepsToItsScripts(name)) {
    return { problem: 'must have the letters of one script: mixed ones look like other names' };
  }
  return { name };
}
