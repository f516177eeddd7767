import { z } from 'zod';

const mostIds = 50;
const Id = z.string().min(1).max(128);

/** One id, or several. */
export const ServerIds = z.union([Id.transform((id) => [id]), z.array(Id).min(1).max(mostIds)], {
  error: `must be the id of a server, or a list of at most ${mostIds} of them`,
});

/** The least severe level that is wanted. */
export const LeastLevel = z.enum(['error', 'warn', 'info', 'debug']);
