import { isPlainLine, isTextComment, isTextLine, trimBlanks, trimBlanksAtEnd } from './dockerfile-bytes.ts';

export interface Instruction {
  /** In capitals. */
  keyword: string;
  /** The words behind it, on one line. */
  rest: string;
  /** Of its first line, from 1. */
  line: number;
}

export interface DockerfileLines {
  instructions: Instruction[];
  /** The image that reads the file instead of the engine; null where none is named. */
  syntax: string | null;
  /** The parts that builders could read differently: one sentence each. */
  unclear: string[];
}

const keywords = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
/** Instructions that read images, or set values for those. */
const reading = /^[ \t]*(?:ADD|ARG|COPY|FROM|ONBUILD|RUN)(?:[ \t]|$)/i;
const directive = /^#[ \t]*([A-Za-z]\w*)[ \t]*=([^]*)$/;
const heredoc = /^\d*<<(-?)(["']?)([A-Za-z_]\w*)\2$/;

/** Takes a Dockerfile apart into instructions: comments, directives, continued lines and here-documents. */
export function readLines(text: string): DockerfileLines {
  // A carriage return belongs to the line end behind it; alone it is one more odd character.
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const found: DockerfileLines = { instructions: [], syntax: null, unclear: [] };
  const { escape, from } = readDirectives(lines, found);
  for (let at = from; at < lines.length;) {
    const start = at;
    let whole = '';
    let goesOn = true;
    // Comments and empty lines between continued ones count as nothing.
    for (; goesOn && at < lines.length; at += 1) {
      const line = lines[at] ?? '';
      const plain = trimBlanks(line);
      if (!isPlainLine(line) && !isTextComment(line)) tellOdd(at, found);
      if (plain === '' || plain.startsWith('#')) {
        if (whole === '') break;
        continue;
      }
      const end = trimBlanksAtEnd(line);
      if (at > start && reading.test(line))
        found.unclear.push(`Line ${at + 1}: continues and reads as an instruction.`);
      goesOn = end.endsWith(escape);
      if (end.endsWith(escape + escape)) found.unclear.push(`Line ${at + 1}: ends with ${escape}${escape}.`);
      whole += goesOn ? end.slice(0, -1) : line;
    }
    if (trimBlanks(whole) === '') {
      at = Math.max(at, start + 1);
      continue;
    }
    const instruction = toInstruction(whole, start + 1, found);
    at = skipHeredocs(instruction, lines, at, escape, found);
  }
  return found;
}

/** Reads the directives at the top; a comment that looks like one further down may be one for some builder. */
function readDirectives(lines: readonly string[], found: DockerfileLines): { escape: string; from: number } {
  let escape = '\\';
  let at = 0;
  for (; at < lines.length; at += 1) {
    const line = trimBlanks(lines[at] ?? '');
    if (!isPlainLine(line) && !isTextComment(line)) tellOdd(at, found);
    if (line !== '' && !line.startsWith('#')) break;
    const [, name = '', value = ''] = directive.exec(line) ?? [];
    const word = name.toLowerCase();
    if (word === 'syntax') {
      if (found.syntax !== null) found.unclear.push(`Line ${at + 1}: names a second syntax.`);
      found.syntax = trimBlanks(value);
    }
    if (word === 'escape') {
      const given = trimBlanks(value);
      // Behind any other line, some builders take it for a comment.
      if (at > 0 || (given !== '\\' && given !== '`'))
        found.unclear.push(`Line ${at + 1}: sets an odd escape character.`);
      escape = given === '`' ? '`' : '\\';
    }
  }
  return { escape, from: at };
}

function tellOdd(at: number, found: DockerfileLines): void {
  const allowed = 'outside of comments and here-documents, only printable ASCII, tabs and line ends are read alike';
  found.unclear.push(`Line ${at + 1}: holds an odd character (${allowed} by all builders).`);
}

function toInstruction(whole: string, line: number, found: DockerfileLines): Instruction {
  const [, word = '', rest = ''] = /^([^ \t]+)(?:[ \t]([^]*))?$/.exec(trimBlanks(whole)) ?? [];
  const keyword = word.toUpperCase();
  const instruction = { keyword, rest: trimBlanks(rest.replaceAll('\t', ' ')), line };
  if (keywords.has(keyword)) found.instructions.push(instruction);
  else found.unclear.push(`Line ${line}: "${word.slice(0, 100)}" is no instruction that is looked at.`);
  return instruction;
}

/**
 * Leaves out the lines of here-documents, where every builder agrees that they are some: the older builder knows none
 * and would read each line as an instruction, so nothing may make sense to it.
 */
function skipHeredocs(
  { keyword, rest, line }: Instruction,
  lines: readonly string[],
  from: number,
  escape: string,
  found: DockerfileLines,
): number {
  if (!rest.includes('<<') || !['RUN', 'COPY', 'ADD'].includes(keyword)) return from;
  // Inside of quotes or behind an escape, some builders see a here-document and others none.
  const isQuoted = /["'\\`$]/.test(rest.replaceAll(/(?<=^| )\d{0,9}<<-?(["'])[A-Za-z_]\w*\1(?=$| )/g, ''));
  const marks = rest.split(' ').flatMap((word) => (word.includes('<<') ? [heredoc.exec(word)] : []));
  let at = from;
  for (const mark of marks) {
    const [, dash = '', , name = ''] = mark ?? [];
    const bodyFrom = at;
    while (at < lines.length && ends(lines[at] ?? '', dash) !== name) at += 1;
    const body = lines.slice(bodyFrom, at);
    const isOdd =
      isQuoted ||
      name === '' ||
      keywords.has(name.toUpperCase()) ||
      at === lines.length ||
      body.some((text) => !isTextLine(text) || trimBlanksAtEnd(text).endsWith(escape));
    if (isOdd) {
      found.unclear.push(`Line ${line}: its here-document is not plain.`);
      return at;
    }
    at += 1;
  }
  return at;
}

function ends(line: string, dash: string): string {
  return dash === '' ? line : line.replace(/^\t+/, '');
}
