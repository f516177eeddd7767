import { LinkError, type LinkContext, type LinkEvents } from '../link.ts';
import { admit, type GateSink } from './gate.ts';
import { oversizeResponseId } from './json-rpc.ts';
import type { OversizeLine } from './lines.ts';
import type { ServerSentEvent } from './sse-parser.ts';

export interface Receiver {
  /** Delivers an event's messages; other events and those without data carry none. */
  event: (event: ServerSentEvent) => void;
  oversize: (line: OversizeLine) => void;
}

/** Delivers what comes on a pipe that belongs to no single request. */
export function createReceiver(context: LinkContext, events: LinkEvents): Receiver {
  const sink = unrelated(events);
  return {
    event: ({ event, data }) => {
      if (event !== 'message' || data === '') return;
      if (!admit(data, sink)) events.log('warn', 'hub', noMessage(data));
    },
    oversize: (line) => {
      const text = tooLarge(line.bytes, context.messageLimit);
      const id = oversizeResponseId(line);
      events.log('warn', 'hub', text);
      if (id !== null) events.lost(id, new LinkError('too_large', text));
    },
  };
}

/** Takes messages that belong to no single request. */
export function unrelated(events: LinkEvents): GateSink {
  return {
    message: (message) => events.message(message, null),
    malformed: (fault) => events.malformed(fault),
  };
}

export function noMessage(data: string): string {
  return `An event that is no JSON-RPC message was dropped: ${data.slice(0, 200)}`;
}

export function tooLarge(bytes: number, limit: number): string {
  return `A message of ${bytes} bytes is over the limit of ${limit} and was dropped.`;
}
