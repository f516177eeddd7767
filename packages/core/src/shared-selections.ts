import type { EndpointSelection, SelectedServer } from '@switchboard/mcp-runtime/types';

/**
 * Equal selections are one object, whoever they are made for, because the runtime keeps one view for each object.
 * Objects that nobody asked for between two loads are dropped.
 */
export interface SharedSelections {
  /** A server as it is, or without its errors where the caller may not read them. */
  quiet(server: SelectedServer): SelectedServer;
  /** The object for a server that was made of others. */
  server(made: SelectedServer): SelectedServer;
  selection(made: EndpointSelection): EndpointSelection;
  /** Starts a new generation; objects of the one before can be used until the next. */
  turn(): void;
}

/** Objects by content, of now and of the time before. */
function createPool<Value extends object>() {
  let now = new Map<string, Value>();
  let before = new Map<string, Value>();
  return {
    get(content: string, made: Value): Value {
      const known = now.get(content);
      if (known) return known;
      const kept = before.get(content) ?? made;
      now.set(content, kept);
      return kept;
    },
    turn() {
      before = now;
      now = new Map();
    },
  };
}

export function createSharedSelections(): SharedSelections {
  const servers = createPool<SelectedServer>();
  const selections = createPool<EndpointSelection>();
  const withoutErrors = new WeakMap<SelectedServer, SelectedServer>();
  const numbers = new WeakMap<SelectedServer, number>();
  let last = 0;

  function numberOf(server: SelectedServer): number {
    const known = numbers.get(server);
    if (known !== undefined) return known;
    numbers.set(server, (last += 1));
    return last;
  }

  return {
    quiet(server) {
      const known = withoutErrors.get(server);
      if (known) return known;
      const made: SelectedServer = { ...server, quiet: true };
      withoutErrors.set(server, made);
      return made;
    },
    server: (made) => servers.get(JSON.stringify(made), made),
    selection(made) {
      const { endpoint, title, prefixed } = made;
      return selections.get(JSON.stringify([endpoint, title, prefixed, made.servers.map(numberOf)]), made);
    },
    turn() {
      servers.turn();
      selections.turn();
    },
  };
}
