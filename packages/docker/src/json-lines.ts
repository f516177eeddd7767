import type { Readable } from 'node:stream';
import { odd } from './shape.ts';

/** No engine says more than this in one line. */
const LONGEST_LINE = 8 * 1024 * 1024;

/** Reads a stream of JSON texts, one a line, no faster than the reader takes them. Lines that are no JSON are left out; a line without end is DockerError `failed`. */
export async function* readJsonLines<T>(stream: Readable): AsyncGenerator<T> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw odd('a line of JSON');
    for (const line of lines) {
      const value = parse(line);
      if (value !== null) yield value as T;
    }
  }
  const last = parse(rest);
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
