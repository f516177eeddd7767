import { z } from 'zod';

/** A whole number in decimal digits, between two bounds that the message names. */
export function wholeNumber(least: number, most: number, initial: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message))
    .prefault(String(initial));
}

function count(initial: number) {
  return wholeNumber(1, 1_000_000, initial);
}

/** Settings that bound what the hub and one person hold at a time; a person's keys and sign-ins count together. */
export const CapSettings = z.object({
  MAX_CONNECTIONS: count(20_000),
  MAX_SESSIONS: count(10_000),
  MAX_SESSIONS_PER_PERSON: count(1000),
  MAX_INSTANCES: count(256),
  MAX_INSTANCES_PER_SERVER: count(64),
  MAX_INSTANCES_PER_PERSON: count(64),
  MAX_RUNS_PER_PERSON: count(16),
  MAX_STREAMS_PER_PERSON: count(64),
  MAX_SERVERS_PER_PERSON: count(200),
  MAX_KEYS_PER_PERSON: count(100),
});

/** The bounds as the parts of the hub take them. */
export function toCaps(env: z.infer<typeof CapSettings>) {
  return {
    connections: env.MAX_CONNECTIONS,
    sessions: env.MAX_SESSIONS,
    sessionsPerPerson: env.MAX_SESSIONS_PER_PERSON,
    instances: env.MAX_INSTANCES,
    instancesPerServer: env.MAX_INSTANCES_PER_SERVER,
    instancesPerPerson: env.MAX_INSTANCES_PER_PERSON,
    runsPerPerson: env.MAX_RUNS_PER_PERSON,
    streamsPerPerson: env.MAX_STREAMS_PER_PERSON,
    serversPerPerson: env.MAX_SERVERS_PER_PERSON,
    keysPerPerson: env.MAX_KEYS_PER_PERSON,
  } as const;
}
