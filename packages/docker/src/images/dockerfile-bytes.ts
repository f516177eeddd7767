/** Everything that builders read alike: tab, line ends and the printable part of ASCII. */
const plainLine = /^[\t\u0020-\u007e]*$/;
/** The same and text beyond ASCII, without C1 controls and replacement characters of bytes that are no UTF-8. */
const textLine = /^[\t\u0020-\u007e\u00a0-\ufefe\uff00-\ufffc]*$/;
const comment = /^[ \t]*#/;
/** A comment that a builder could take for a directive. */
const directiveLike = /^[ \t]*#[ \t]*\w+[ \t]*=/;

/** Whether every builder cuts the line into the same words: some count single bytes of UTF-8 as spaces. */
export function isPlainLine(line: string): boolean {
  return plainLine.test(line);
}

/** Whether the line may be where builders read nothing: in a comment that is no directive, or a here-document. */
export function isTextLine(line: string): boolean {
  return textLine.test(line);
}

export function isTextComment(line: string): boolean {
  return comment.test(line) && !directiveLike.test(line) && isTextLine(line);
}

/** Without the spaces and tabs at both ends: builders know more kinds of spaces, but never the same ones. */
export function trimBlanks(text: string): string {
  return trimBlanksAtEnd(text).replace(/^[ \t]+/, '');
}

/** Without the spaces and tabs at the end, in time that grows with the length only. */
export function trimBlanksAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1;
  return text.slice(0, end);
}
