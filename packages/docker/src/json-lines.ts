import type { Readable } from 'node:stream';

/** Reads a stream of JSON texts, one a line, no faster than the reader takes them. Lines that are no JSON are left out. */
export async function* readJsonLines<T>(stream: Readable): AsyncGenerator<T> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const value = parse<T>(line);
      if (value !== null) yield value;
    }
  }
  const last = parse<T>(rest);
  if (last !== null) yield last;
}

function parse<T>(line: string): T | null {
  if (line.trim() === '') return null;
  try {
    return JSON.parse(line) as T;
  } catch {
    return null;
  }
}
