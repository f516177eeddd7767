/** The words of an instruction. */
export function wordsOf(text: string): string[] {
  return text.split(/[ \t]+/).filter((word) => word !== '');
}

const VARIABLE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^${}]*))?\})/g;

/** What builders know without being told; the values differ. */
export const OF_THE_BUILDER = /^(?:BUILD|TARGET)|_PROXY$/i;

/**
 * A word with its variables replaced: `$NAME`, `${NAME}`, `${NAME:-x}` and `${NAME:+x}`. Null where a variable's value
 * is not known, or something else is in it that builders replace.
 */
export function variablesOf(word: string, known: ReadonlyMap<string, string | null>): string | null {
  if (/["'\\`]/.test(word) || /[${}]/.test(word.replace(VARIABLE, ''))) return null;
  let clear = true;
  const text = word.replace(VARIABLE, (_, bare?: string, braced?: string, sign = '', other = '') => {
    const name = bare ?? braced ?? '';
    const value = known.get(name);
    if (value === undefined || value === null) {
      if (OF_THE_BUILDER.test(name) || sign === '') clear = false;
      return sign.endsWith('-') ? other : '';
    }
    const counts = value !== '' || !sign.startsWith(':');
    if (sign.endsWith('-')) return counts ? value : other;
    if (sign.endsWith('+')) return counts ? other : '';
    return value;
  });
  return clear && !/[$"'\\`]/.test(text) ? text : null;
}
