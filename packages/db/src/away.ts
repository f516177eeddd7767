import { DrizzleQueryError } from 'drizzle-orm';

/** The database does not answer: the query was refused at once, or abandoned. */
export class DatabaseAwayError extends Error {
  override name = 'DatabaseAwayError';
  constructor(reason: string, options?: ErrorOptions) {
    super(`The database is away: ${reason}`, options);
  }
}

/** How the driver and the system name a connection that is not to be had, or was lost. */
const driverCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);
/** How PostgreSQL does: connection exceptions, too many connections, shutting down, crashed, starting up. */
const serverCode = /^(?:08|53300|57P0[1-5])/;
const deepest = 5;

/** Walks an error and its causes (Drizzle wraps the driver's), five at most. */
function* chainOf(error: unknown): Iterable<Error> {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < deepest; at = at.cause, depth += 1) yield at;
}

/** The code of the first error in the chain that has one. */
function codesOf(error: Error): string[] {
  const code: unknown = Reflect.get(error, 'code');
  // A host with several addresses fails with an error for each.
  const several = error instanceof AggregateError ? error.errors : [];
  const inner = several.flatMap((each: unknown) => (each instanceof Error ? codesOf(each) : []));
  return typeof code === 'string' ? [code, ...inner] : inner;
}

/** Whether the driver failed because there is no connection, not because of what was asked. */
export function isLostConnection(error: unknown): boolean {
  for (const each of chainOf(error)) {
    if (codesOf(each).some((code) => driverCodes.has(code) || serverCode.test(code))) return true;
  }
  return false;
}

/**
 * The same for the error of a transaction, whose function may fail for reasons of its own with the same names: a file
 * that does not exist, another machine that refuses.
 */
export function isLostTransaction(error: unknown): boolean {
  for (const each of chainOf(error)) {
    if (each instanceof DrizzleQueryError) return isLostConnection(each);
    if (codesOf(each).some((code) => code.startsWith('CONNECTION_') || serverCode.test(code))) return true;
  }
  return false;
}

/** Whether something failed because the database was away. */
export function isDatabaseAway(error: unknown): boolean {
  for (const each of chainOf(error)) if (each instanceof DatabaseAwayError) return true;
  return false;
}

/** How PostgreSQL's codes of five characters (SQLSTATE) begin; those of the system, as EPIPE, begin with an E. */
const sqlState = /^[0-9FHPX][0-9A-Z]{4}$/;

/** The code that PostgreSQL refused a statement with; null where something else failed. */
export function sqlStateOf(error: unknown): string | null {
  for (const each of chainOf(error)) {
    const code = codesOf(each).find((one) => sqlState.test(one));
    if (code !== undefined) return code;
  }
  return null;
}

/** The innermost message, its first line: Drizzle's own holds the whole statement. */
export function reasonOf(error: unknown): string {
  const innermost = [...chainOf(error)].at(-1);
  const text = innermost ? innermost.message || String(Reflect.get(innermost, 'code')) : String(error);
  return text.split('\n', 1)[0] ?? text;
}
