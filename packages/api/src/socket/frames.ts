import { z } from 'zod';

/** The channels of the document, in its order. */
export const socketChannels = ['server-status', 'server-logs', 'monitoring', 'alerts', 'user-activity'] as const;
export type SocketChannel = (typeof socketChannels)[number];

/** Largest frame that a client may send, in bytes. */
export const mostFrameBytes = 64 * 1024;

const FrameId = z.union([z.string().max(100), z.int()]);
export type FrameId = z.infer<typeof FrameId>;

const channel = z.enum(socketChannels, { error: `must be one of ${socketChannels.join(', ')}` });

/** A frame of a client. `filters` and `metrics` are checked by the channel. */
export const ClientFrame = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('auth'), token: z.string().min(1).max(16_384) }),
    z.strictObject({
      type: z.literal('subscribe'),
      channel,
      filters: z.unknown().optional(),
      metrics: z.unknown().optional(),
      id: FrameId.optional(),
    }),
    z.strictObject({ type: z.literal('unsubscribe'), channel, id: FrameId.optional() }),
    z.strictObject({ type: z.literal('ping'), id: FrameId.optional() }),
  ],
  { error: 'must be one of auth, subscribe, unsubscribe, ping' },
);
export type ClientFrame = z.infer<typeof ClientFrame>;

/** The id a frame names itself by, where it names one that can be sent back. */
export function idOf(frame: unknown): FrameId | undefined {
  const given: unknown = typeof frame === 'object' && frame !== null ? Reflect.get(frame, 'id') : undefined;
  return FrameId.safeParse(given).data;
}

/** Close codes of the hub's own, besides those of RFC 6455. */
export const closeCodes = {
  /** Text alone is spoken here. */
  binary: 1003,
  /** More frames than are taken. */
  tooMany: 1008,
  /** The hub stops, or the person has the most connections already. */
  goingAway: 1001,
  tryLater: 1013,
  /** No valid credentials: none in time, wrong ones, or ones that ended. */
  unauthenticated: 4401,
} as const;
