import type { DockerError, DockerErrorCode } from '@switchboard/docker';
import { atField, DomainError, type DomainErrorCode } from '../errors.ts';
import { said } from '../reasons.ts';

/** The one table from what an engine says to what the domain says. */
const codes: Readonly<Record<DockerErrorCode, DomainErrorCode>> = {
  unreachable: 'unavailable',
  timeout: 'timeout',
  cancelled: 'timeout',
  not_found: 'not_found',
  conflict: 'conflict',
  invalid: 'invalid',
  forbidden: 'forbidden',
  too_large: 'invalid',
  failed: 'internal',
};

/** The core knows docker by type only, so by the name of its one error. */
function isDockerError(error: unknown): error is DockerError {
  return error instanceof Error && error.name === 'DockerError';
}

/** Converts an error of an engine into one of the domain; other errors are returned as they are. */
export function fromEngine(error: unknown): unknown {
  if (!isDockerError(error)) return error;
  const { field, message } = error;
  if (field === null) return new DomainError(codes[error.code], said(message), undefined, { cause: error });
  const reason = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  return new DomainError(codes[error.code], said(message), atField(field, said(reason)), { cause: error });
}

/** The same for what is read bit by bit. */
export async function* translated<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    throw fromEngine(error);
  }
}
