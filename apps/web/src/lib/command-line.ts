/** Arguments as people type them: separated by spaces, quoted where they contain some. */

export function splitArgs(text: string): string[] {
  const args: string[] = [];
  let current: string | null = null;
  let quote: string | null = null;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (quote !== null) {
      if (char === quote) quote = null;
      else if (char === '\\' && quote === '"' && /["\\]/.test(text.charAt(index + 1))) {
        index += 1;
        current += text.charAt(index);
      } else current += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      current ??= '';
    } else if (/\s/.test(char)) {
      if (current !== null) args.push(current);
      current = null;
    } else current = (current ?? '') + char;
  }
  if (current !== null) args.push(current);
  return args;
}

export function joinArgs(args: readonly string[]): string {
  return args
    .map((arg) => {
      if (arg !== '' && !/[\s"']/.test(arg)) return arg;
      return arg.includes("'") ? `"${arg.replaceAll(/["\\]/g, '\\$&')}"` : `'${arg}'`;
    })
    .join(' ');
}

/** A word as a POSIX shell reads it literally. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
