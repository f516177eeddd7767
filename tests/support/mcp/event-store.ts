import { randomUUID } from 'node:crypto';
import type { EventId, EventStore, JSONRPCMessage, StreamId } from '@modelcontextprotocol/server';

interface StoredEvent {
  id: EventId;
  stream: StreamId;
  message: JSONRPCMessage;
}

/** Keeps the last events of a session in memory so a client may resume a stream by `Last-Event-ID`. */
export function createEventStore(capacity = 1000): EventStore {
  const events: StoredEvent[] = [];
  return {
    storeEvent: async (stream, message) => {
      const id = randomUUID();
      events.push({ id, stream, message });
      if (events.length > capacity) events.shift();
      return id;
    },
    getStreamIdForEventId: async (id) => events.find((event) => event.id === id)?.stream,
    replayEventsAfter: async (lastEventId, { send }) => {
      const from = events.findIndex((event) => event.id === lastEventId);
      const stream = events[from]?.stream;
      if (stream === undefined) throw new Error(`Event ${lastEventId} is not known here`);
      for (const event of events.slice(from + 1)) {
        // A priming event is stored without a method or a result; there is nothing to repeat.
        if (event.stream === stream && Object.keys(event.message).length > 0) await send(event.id, event.message);
      }
      return stream;
    },
  };
}
