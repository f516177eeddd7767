/** A file as an answer, read while it is sent. */
export interface FileAnswer {
  contentType: string;
  fileName: string;
  chunks: AsyncIterable<string>;
}

const files = new WeakSet<object>();

/** Marks an answer as a file: whatever else an answer looks like, it is none. */
export function fileAnswer(file: FileAnswer): FileAnswer {
  files.add(file);
  return file;
}

export const isFileAnswer = (value: unknown): value is FileAnswer =>
  typeof value === 'object' && value !== null && files.has(value);

/** Answers with a file to be saved. */
export function fileResponse({ contentType, fileName, chunks }: FileAnswer): Response {
  const iterator = chunks[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel: () => void Promise.resolve(iterator.return?.()).catch(() => undefined),
  });
  return new Response(body, {
    headers: {
      'content-type': contentType,
      'content-disposition': `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"`,
      'cache-control': 'no-store',
    },
  });
}
