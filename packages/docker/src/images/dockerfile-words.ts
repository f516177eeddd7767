/** The words of an instruction. */
export function wordsOf(text: string): string[] {
  return text.split(/[ \t]+/).filter((word) => word !== '');
}

const variable = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^${}]*))?\})/g;

/** Variables that builders define themselves; the values differ. */
export const ofTheBuilder = /^(?:BUILD|TARGET)|_PROXY$/i;

/** In characters: names of images are shorter, and a value that holds others twice, again and again, is not made. */
const longestWord = 4096;

/**
 * A word with its variables replaced: `$NAME`, `${NAME}`, `${NAME:-x}` and `${NAME:+x}`. Null where a variable's value
 * is unknown, where it contains anything else that builders replace, or where the result has more than 4,096
 * characters.
 */
export function variablesOf(word: string, known: ReadonlyMap<string, string | null>): string | null {
  if (word.length > longestWord || /["'\\`]/.test(word) || /[${}]/.test(word.replace(variable, ''))) return null;
  let clear = true;
  let length = word.length;
  const text = word.replace(variable, (_, bare?: string, braced?: string, sign = '', other = '') => {
    const name = bare ?? braced ?? '';
    const value = known.get(name) ?? null;
    if (value === null && (ofTheBuilder.test(name) || sign === '')) clear = false;
    const put = replacement(value, sign, other);
    length += put.length;
    if (length > longestWord) clear = false;
    return clear ? put : '';
  });
  return clear && !/[$"'\\`]/.test(text) ? text : null;
}

function replacement(value: string | null, sign: string, other: string): string {
  const counts = value !== null && (value !== '' || !sign.startsWith(':'));
  if (sign.endsWith('-')) return counts ? value : other;
  if (sign.endsWith('+')) return counts ? other : '';
  return value ?? '';
}
