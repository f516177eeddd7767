/** Where the last sentence, or line, of a text ends that is said to its end; `from` where none is. */
export function endOfSentences(text: string, from: number): number {
  for (let at = text.length - 1; at >= from; at -= 1) {
    const here = text[at] ?? '';
    if (here === '\n' || '。！？'.includes(here)) return at + 1;
    if ('.!?'.includes(here) && /\s/.test(text[at + 1] ?? '')) return at + 1;
  }
  return from;
}

/** Marks of Markdown say nothing when they are spoken. */
export function plain(text: string): string {
  return text.replaceAll(/[*_`#>|]+/g, '').trim();
}
