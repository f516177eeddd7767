import { type Actor, type Core, isDomainError } from '@switchboard/core';

/** Reads a request header by its lower-case name. */
export type ReadHeader = (name: string) => string | null | undefined;

export interface Caller {
  actor: Actor;
  /** Why credentials that were sent do not count; the actor is anonymous then. */
  refusal: string | null;
  /** They would count if the account were not disabled. */
  disabled: boolean;
  /** The page's cookie was prolonged: its value, and until when. */
  renewed: { value: string; until: Date } | null;
}

/** The bearer credential of an Authorization header. */
export function readBearer(header: string | null | undefined): string | null {
  return header ? (/^Bearer +(\S+)$/i.exec(header)?.[1] ?? null) : null;
}

/** Value of a cookie in a Cookie header. */
export function readCookie(header: string | null | undefined, name: string): string | null {
  if (!header) return null;
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/** `session` of one hub is not that of another on the same host. */
export function cookieName(fingerprint: string): string {
  return `switchboard_${fingerprint.slice(0, 8)}`;
}

function refused(error: unknown): Caller {
  if (!isDomainError(error) || error.code !== 'unauthenticated') throw error;
  const disabled = error.details?.['disabled'] === true;
  return { actor: { type: 'anonymous' }, refusal: error.message, disabled, renewed: null };
}

/** The credentials of a request. */
export function credentialsOf(header: ReadHeader, cookie: string) {
  return {
    bearer: readBearer(header('authorization')),
    apiKey: header('x-api-key') ?? null,
    cookie: readCookie(header('cookie'), cookie),
  };
}

/**
 * Finds out who calls; credentials that do not hold make the caller anonymous, with the reason. At once where they
 * are remembered.
 */
export function identify(
  core: Pick<Core, 'authenticate' | 'recall'>,
  header: ReadHeader,
  cookie: string,
  isMcp = false,
): Caller | Promise<Caller> {
  const credentials = { ...credentialsOf(header, cookie), isMcp };
  const { cookie: value } = credentials;
  const known = core.recall(credentials);
  if (known) return { actor: known, refusal: null, disabled: false, renewed: null };
  return core.authenticate(credentials).then(({ actor, renewUntil }) => {
    const renewed = renewUntil && value !== null ? { value, until: renewUntil } : null;
    return { actor, refusal: null, disabled: false, renewed };
  }, refused);
}
