import type { Readable } from 'node:stream';
import { odd } from './shape.ts';

/** In characters; no engine says more than this in one line. */
const longestLine = 8 * 1024 * 1024;

/**
 * Reads a stream of JSON texts, one a line, no faster than the reader takes them. Lines that are no JSON are left out.
 * Throws DockerError `failed` where a line does not end.
 */
export async function* readJsonLines<T>(stream: Readable): AsyncGenerator<T> {
  const decoder = new TextDecoder();
  // Pieces of a line are joined once it ends: joined with each chunk, a long line would be copied again and again.
  let line: string[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const [rest = '', ...begun] = decoder.decode(chunk as Buffer, { stream: true }).split('\n');
    line.push(rest);
    length += rest.length;
    for (const next of begun) {
      const value = parse(line.join(''));
      if (value !== null) yield value as T;
      line = [next];
      length = next.length;
    }
    if (length > longestLine) throw odd('a line of JSON');
  }
  const last = parse(line.join(''));
  if (last !== null) yield last as T;
}

function parse(line: string): unknown {
  if (line.trim() === '') return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
