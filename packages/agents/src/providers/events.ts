import { createParser } from 'eventsource-parser';

export interface StreamEvent {
  /** Empty where the stream names none. */
  name: string;
  data: string;
  /** The stream ended without the empty line that ends an event: the data may be cut. */
  last: boolean;
}

export interface EventsSink {
  event(event: StreamEvent): void;
  tooLarge(limit: string): void;
}

/** Reads `text/event-stream`, whatever pieces it comes in. An event without its final empty line counts. */
export function createEvents(sink: EventsSink, most: number): { push(chunk: Buffer): void; end(): void } {
  const decoder = new TextDecoder();
  let last = false;
  let over = false;
  const parser = createParser({
    maxBufferSize: most,
    onEvent: ({ event = '', data }) => sink.event({ name: event, data, last }),
    onError: (error) => {
      // The other complaints are about fields that nobody knows.
      if (error.type !== 'max-buffer-size-exceeded') return;
      over = true;
      sink.tooLarge(`${most} characters in one event`);
    },
  });
  function feed(text: string) {
    if (!over && text !== '') parser.feed(text);
  }
  return {
    push: (chunk) => feed(decoder.decode(chunk, { stream: true })),
    end() {
      feed(decoder.decode());
      last = true;
      feed('\n\n');
    },
  };
}
