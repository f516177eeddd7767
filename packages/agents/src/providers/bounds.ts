/** The bounds of one answer. */
export interface Bounds {
  /** Bytes of all of it: a chunk of one token is about 250. */
  answerBytes: number;
  /** Characters of one event of a stream, or bytes of an answer in one piece: arguments and images may come so. */
  eventLength: number;
  /** Bytes of a refusal, or of a page, that are read. */
  refusalBytes: number;
}

export const answerBounds: Bounds = {
  answerBytes: 64 * 1024 * 1024,
  eventLength: 16 * 1024 * 1024,
  refusalBytes: 64 * 1024,
};

/** Bytes of a list of models. */
export const listBytes = 8 * 1024 * 1024;

/** Bytes that wait for a slow reader before the connection is held. */
export const waitingBytes = 1024 * 1024;
