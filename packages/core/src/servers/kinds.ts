import { z } from 'zod';

export const serverKinds = ['stdio', 'sse', 'streamable-http', 'container'] as const;

export const ServerKind = z.enum(serverKinds);
export type ServerKind = z.infer<typeof ServerKind>;
