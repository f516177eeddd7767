import { startTestPostgres } from './testing.ts';

/** Vitest's global setup: one PostgreSQL for all test files. */
export const setup = async (): Promise<() => Promise<void>> => {
  const server = await startTestPostgres();
  return () => server.stop();
};
