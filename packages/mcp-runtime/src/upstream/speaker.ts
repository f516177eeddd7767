/** A connection to a server whose message the hub is handling. */
export interface Speaker {
  readonly serverId: string;
  /** Ends this connection alone, with the reason in the server's log. */
  fail(error: unknown): void;
}

let speaking: Speaker | null = null;

/**
 * Handles a message of a server: an exception fails that connection alone. A plain variable, because this runs with
 * every message. It stays set where failing the connection throws too, so that a last handler can tell whose message it
 * was.
 */
export function hear(speaker: Speaker, handle: () => void): void {
  const before = speaking;
  speaking = speaker;
  try {
    handle();
  } catch (error) {
    speaker.fail(error);
  }
  speaking = before;
}

/** Fails the connection whose message is being handled; gives the id of its server, null where there is none. */
export function failSpeaking(error: unknown): string | null {
  const speaker = speaking;
  speaking = null;
  if (speaker === null) return null;
  speaker.fail(error);
  return speaker.serverId;
}
