import { LinkError, type LinkContext, type LinkEvents } from '../link.ts';
import { oversizeResponseId, parseMessages } from './json-rpc.ts';
import type { OversizeLine } from './lines.ts';
import type { ServerSentEvent } from './sse-parser.ts';

export interface Receiver {
  /** Delivers an event's messages; other events and those without data carry none. */
  event: (event: ServerSentEvent) => void;
  oversize: (line: OversizeLine) => void;
}

/** Delivers what comes on a pipe that belongs to no single request. */
export function createReceiver(context: LinkContext, events: LinkEvents): Receiver {
  return {
    event: ({ event, data }) => {
      if (event !== 'message' || data === '') return;
      const parsed = parseMessages(data);
      if (parsed === null) events.log('warn', 'hub', noMessage(data));
      else if (Array.isArray(parsed)) for (const message of parsed) events.message(message, null);
      else events.message(parsed, null);
    },
    oversize: (line) => {
      const text = tooLarge(line.bytes, context.messageLimit);
      const id = oversizeResponseId(line);
      events.log('warn', 'hub', text);
      if (id !== null) events.lost(id, new LinkError('too_large', text));
    },
  };
}

export function noMessage(data: string): string {
  return `An event that is no JSON-RPC message was dropped: ${data.slice(0, 200)}`;
}

export function tooLarge(bytes: number, limit: number): string {
  return `A message of ${bytes} bytes is over the limit of ${limit} and was dropped.`;
}
