/** What one answer may have. */
export const bounds = {
  /** Bytes of all of it: a chunk of one token is about 250. */
  answerBytes: 64 * 1024 * 1024,
  /** Characters of one event of a stream: arguments and images may come in one piece. */
  eventLength: 16 * 1024 * 1024,
  /** Bytes of an error's body that are read. */
  refusalBytes: 64 * 1024,
  /** Bytes of a list of models. */
  listBytes: 8 * 1024 * 1024,
  /** Bytes that wait for a slow reader before the connection is held. */
  waitingBytes: 1024 * 1024,
} as const;
