import { IssuerMismatchError, OAuthError, RegistrationRejectedError } from '@modelcontextprotocol/client';
import { type Reason, say, whyOf } from '../../reasons.ts';
import { LinkError } from '../link.ts';
import type { HttpClient } from '../links/http-client.ts';
import { saidIn } from '../links/said.ts';
import { guardedFetch, type GuardedFetch } from './guarded-fetch.ts';
import { SignInError, type SignInFailure, type SignInRequest, type SignInStep } from './types.ts';

/** One attempt at something with an authorization server: its requests, and what it tells of them. */
export interface Attempt {
  fetch: GuardedFetch['fetch'];
  /** Does a step: what it finds is told, and what fails is told and thrown as SignInError. */
  step<Found>(what: SignInStep['what'], run: () => Promise<Found>, found: (found: Found) => string): Promise<Found>;
  /** Tells what needed no request. */
  note(what: SignInStep['what'], note: string, url?: string | null): void;
}

type Common = Pick<SignInRequest, 'launch' | 'signal' | 'step'>;

/** An address as a step shows it: what stands in its query may be secret. */
export function shownUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) return '';
  const names = [...new Set(url.searchParams.keys())].slice(0, 20).join(', ');
  const shown = `${url.origin}${url.pathname}${names === '' ? '' : ` (${names})`}`;
  return shown.slice(0, 500);
}

const longestNote = 600;

/** Begins an attempt over a client that contacts only what the server itself may contact. */
export function beginAttempt(client: HttpClient, { launch, signal, step }: Common): Attempt {
  const guarded = guardedFetch(client, launch, signal);
  return {
    fetch: guarded.fetch,
    async step(what, run, found) {
      const before = guarded.last();
      function heard() {
        const last = guarded.last();
        return last === before ? null : last;
      }
      function tell(note: string, ok: boolean): void {
        const last = heard();
        const url = last === null ? null : shownUrl(last.url);
        step({ what, url, status: last?.status ?? null, note: note.slice(0, longestNote), ok });
      }
      try {
        const result = await run();
        tell(found(result), true);
        return result;
      } catch (error) {
        const failed = asSignInError(error, heard());
        tell(failed.reason.text, false);
        throw failed;
      }
    },
    note: (what, note, url = null) => step({ what, url, status: null, note: note.slice(0, longestNote), ok: true }),
  };
}

/** Codes that say that a request was wrong, and nothing of what it was about. */
const refusedCodes = new Set([
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'insufficient_scope',
  'unsupported_grant_type',
  'unsupported_response_type',
  'unsupported_token_type',
  'invalid_client_metadata',
]);
const busyCodes = new Set(['temporarily_unavailable', 'too_many_requests', 'server_error']);
const unknownClientCodes = new Set(['invalid_client', 'unauthorized_client']);

function failureOf({ code }: OAuthError): SignInFailure {
  if (unknownClientCodes.has(code)) return 'unknown-client';
  if (busyCodes.has(code)) return 'unreachable';
  // Providers have names of their own for a grant that is over.
  return refusedCodes.has(code) ? 'refused' : 'ended';
}

/** What any failure of an attempt comes to; what a server wrote is cut to a line. */
export function asSignInError(error: unknown, last: { status: number; body: string } | null): SignInError {
  if (error instanceof SignInError) return error;
  if (error instanceof IssuerMismatchError) {
    const { expected, received } = error;
    const names = { expected: saidIn(expected ?? ''), received: saidIn(received ?? '') || 'nobody' };
    return new SignInError('untrusted', say('signInIssuer', names), error);
  }
  if (error instanceof RegistrationRejectedError) {
    const reason = says(error.status, error.body);
    return new SignInError(
      error.status >= 500 ? 'unreachable' : 'client',
      say('signInRegistration', { reason }),
      error,
    );
  }
  if (error instanceof LinkError) {
    const failure = error.code === 'unreachable' || error.code === 'closed' ? 'unreachable' : 'untrusted';
    return new SignInError(failure, say('signInFailed', { reason: whyOf(error) }), error);
  }
  if (last !== null && last.status >= 300) return refusedWith(error, last);
  if (error instanceof OAuthError) {
    return new SignInError(failureOf(error), say('signInRefused', { reason: oauthWords(error) }), error);
  }
  const reason: Reason | string = error instanceof Error ? saidIn(error.message) : 'unknown';
  return new SignInError('untrusted', say('signInAnswer', { reason }), error);
}

function refusedWith(error: unknown, { status, body }: { status: number; body: string }): SignInError {
  // The SDK puts whatever is no error of OAuth into one of its own.
  const isOAuth = error instanceof OAuthError && !error.message.includes('Invalid OAuth error response');
  const failure = isOAuth ? failureOf(error) : 'refused';
  const isBusy = status === 408 || status === 425 || status === 429 || status >= 500;
  const isSaid = isOAuth && (error.code === 'invalid_grant' || failure === 'unknown-client');
  const reason = isOAuth ? oauthWords(error) : says(status, body);
  return new SignInError(isBusy && !isSaid ? 'unreachable' : failure, say('signInRefused', { reason }), error);
}

function oauthWords({ code, message }: OAuthError): string {
  const said = saidIn(message);
  return said === '' || said === code ? code : `${code}: ${said}`;
}

function says(status: number, body: string): string {
  const said = saidIn(body);
  return said === '' ? `HTTP ${status}` : `HTTP ${status}: ${said}`;
}
