/** A file as an answer, or any other answer that is read while it is sent. */
export interface FileAnswer {
  contentType: string;
  /** The name to save it by; null where it is nothing to be saved. */
  fileName: string | null;
  /** Null where nobody knows before the end. */
  bytes?: number | null;
  chunks: AsyncIterable<string | Uint8Array>;
}

const files = new WeakSet<object>();

/** Marks an answer as a file: whatever else an answer looks like, it is none. */
export function fileAnswer(file: FileAnswer): FileAnswer {
  files.add(file);
  return file;
}

export function isFileAnswer(value: unknown): value is FileAnswer {
  return typeof value === 'object' && value !== null && files.has(value);
}

/** An answer that is JSON already. */
export function jsonAnswer(bytes: Uint8Array): FileAnswer {
  async function* whole() {
    yield bytes;
  }
  return fileAnswer({
    contentType: 'application/json',
    fileName: null,
    bytes: bytes.byteLength,
    chunks: whole(),
  });
}

/** The name in both forms of RFC 6266, where the plain one cannot hold it. */
function dispositionOf(fileName: string): string {
  const plain = fileName.replace(/[^\w.-]/g, '_');
  const encoded = encodeURIComponent(fileName.toWellFormed()).replace(/['()*]/g, '_');
  return `attachment; filename="${plain}"${plain === fileName ? '' : `; filename*=UTF-8''${encoded}`}`;
}

/** Answers with what is read while it is sent, no faster than it is taken. A failure on the way breaks the answer off. */
export function fileResponse({ contentType, fileName, bytes = null, chunks }: FileAnswer): Response {
  const iterator = chunks[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(typeof next.value === 'string' ? encoder.encode(next.value) : next.value);
    },
    cancel: () => void Promise.resolve(iterator.return?.()).catch(() => undefined),
  });
  return new Response(body, {
    headers: {
      'content-type': contentType,
      ...(fileName !== null && { 'content-disposition': dispositionOf(fileName) }),
      ...(bytes !== null && { 'content-length': String(bytes) }),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}
