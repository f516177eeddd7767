export type DockerErrorCode =
  /** The engine could not be reached, or went away during the request. */
  | 'unreachable'
  /** The engine did not answer in time. */
  | 'timeout'
  /** The caller gave up. */
  | 'cancelled'
  | 'not_found'
  /** A name, port or object is in use, or the state does not allow it. */
  | 'conflict'
  /** The input is not well formed: `field` names the place. */
  | 'invalid'
  /** The engine or a registry refused for lack of rights. */
  | 'forbidden'
  | 'too_large'
  /** Anything else the engine, a registry or Compose said. */
  | 'failed';

export interface DockerErrorOptions {
  /** The part of the input at fault, dotted (`ports.80/tcp`). */
  field?: string;
  status?: number;
  cause?: unknown;
}

/** The only error this package throws on purpose; `message` says what is wrong and what would be right. */
export class DockerError extends Error {
  override name = 'DockerError';
  readonly code: DockerErrorCode;
  readonly field: string | null;
  /** HTTP status of the engine's answer, where there was one. */
  readonly status: number | null;
  constructor(code: DockerErrorCode, message: string, options: DockerErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.field = options.field ?? null;
    this.status = options.status ?? null;
  }
}

/** Says that one part of an input is wrong. */
export function invalid(field: string, message: string): DockerError {
  return new DockerError('invalid', `${field}: ${message}`, { field });
}

const byStatus: Readonly<Record<number, DockerErrorCode>> = {
  400: 'invalid',
  401: 'forbidden',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
};

const codesByText: readonly [RegExp, DockerErrorCode][] = [
  [/port is already allocated|address already in use|ports are not available/i, 'conflict'],
  [/is already in use by container|is not paused|is already paused/i, 'conflict'],
  [/driver does not support reading/i, 'conflict'],
  [/daemon: network \S+ not found|external (?:network|volume) "" not found|declared as external/i, 'invalid'],
  [/invalid mount config|no service selected|no such service|dependency cycle|limit allowed is/i, 'invalid'],
  [/environment variable "" required by/i, 'invalid'],
  [/manifest (for .* )?(unknown|not found)|pull access denied|name unknown|repository .* not found/i, 'not_found'],
  [/no such image/i, 'not_found'],
  [/unauthorized|authentication required|access.*denied/i, 'forbidden'],
];

/** How a runtime begins to say that it could not start a program. */
const started = /exec: "([^"\n]{0,200})": /;
const missing = /no such file or directory|executable file not found/i;
const notAllowed = /permission denied/i;

/** The most characters that are read of a message of an engine, a registry or Compose. */
const longestRead = 4096;

/** Translates anything that a request to the engine can fail with. `host` names the engine in messages. */
export function toDockerError(error: unknown, host: string): DockerError {
  if (error instanceof DockerError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const status = property(error, 'statusCode');
  if (typeof status === 'number') {
    const said = engineMessage(error, text);
    return new DockerError(codeFor(status, said), inWords(said), { status, cause: error });
  }
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new DockerError('timeout', `The Docker Engine at ${host} did not answer in time.`, { cause: error });
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return new DockerError('cancelled', 'The request to the Docker Engine was given up.', { cause: error });
  }
  if (typeof property(error, 'code') === 'string' || /socket hang up/.test(text)) {
    return new DockerError('unreachable', unreachableMessage(String(property(error, 'code')), text, host), {
      cause: error,
    });
  }
  return new DockerError('failed', text, { cause: error });
}

/** The code for a message that came inside a progress stream or with a status. */
export function codeFor(status: number | null, text: string): DockerErrorCode {
  const said = text.slice(0, longestRead);
  // The request is well formed, and the container not fit to start.
  if (cannotStart(said) !== null || /unable to find user/i.test(said)) return 'conflict';
  const byText = codesByText.find(([words]) => words.test(said))?.[1];
  if (status === null || status >= 500) return byText ?? 'failed';
  return byStatus[status] ?? byText ?? 'failed';
}

/** The program that a runtime could not start, and why; null where the text says nothing of one. */
function cannotStart(said: string): { program: string; isThere: boolean } | null {
  const found = started.exec(said);
  if (found === null) return null;
  const rest = said.slice(found.index);
  const isThere = !missing.test(rest);
  return isThere && !notAllowed.test(rest) ? null : { program: found[1] ?? '', isThere };
}

/** The message, or plain words for a runtime's message about a program that it could not start. */
export function inWords(text: string): string {
  const found = cannotStart(text.slice(0, longestRead));
  if (found === null) return text;
  const { program, isThere } = found;
  if (isThere) return `The program "${program}" may not be executed in the container: permission denied.`;
  return `The program "${program}" is not in the image: name one that is, as the command or the entrypoint.`;
}

function engineMessage(error: unknown, text: string): string {
  const json = property(error, 'json');
  const said = property(json, 'message');
  const words = typeof said === 'string' ? said : text.replace(/^\(HTTP code \d+\) [^-]* - /, '');
  return words.trim();
}

function unreachableMessage(code: string, text: string, host: string): string {
  switch (code) {
    case 'ENOENT':
      return `The Docker Engine is not reachable: there is no socket at ${host}. Is it installed and started?`;
    case 'ECONNREFUSED':
      return `The Docker Engine is not reachable: nothing answers at ${host}. Is it started?`;
    case 'EACCES':
    case 'EPERM':
      return `The Docker Engine is not reachable: this process may not use ${host}. Its user has to be in the group that owns the socket.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The Docker Engine is not reachable: the name in ${host} is unknown.`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `The Docker Engine at ${host} broke the connection.`;
    default:
      return `The Docker Engine at ${host} is not reachable: ${text}`;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
