import type { Json, TestApp } from './app.ts';

/** One server-sent event with its data read. */
export interface ReadEvent {
  event: string | null;
  id: string | null;
  data: Json;
}

function field(part: string, name: string): string | null {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1] ?? null;
}

/** Reads the events of a stream as they come, until it ends or the reader leaves. */
export async function* readEvents(
  app: Pick<TestApp, 'fetch'>,
  pathname: string,
  headers: Record<string, string> = {},
): AsyncGenerator<ReadEvent> {
  const abort = new AbortController();
  const response = await app.fetch(pathname, { signal: abort.signal, headers });
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream')) throw new Error(`${response.status} ${await response.text()}`);
  let text = '';
  try {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const data = field(part, 'data');
        if (data !== null)
          yield { event: field(part, 'event'), id: field(part, 'id'), data: JSON.parse(data === '' ? 'null' : data) };
      }
    }
  } finally {
    abort.abort();
  }
}

/** The first events of a stream. */
export async function takeEvents(app: Pick<TestApp, 'fetch'>, pathname: string, count: number): Promise<ReadEvent[]> {
  const events: ReadEvent[] = [];
  for await (const event of readEvents(app, pathname)) {
    events.push(event);
    if (events.length >= count) break;
  }
  return events;
}
