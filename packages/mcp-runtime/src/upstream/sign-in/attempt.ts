import { IssuerMismatchError, OAuthError, RegistrationRejectedError } from '@modelcontextprotocol/client';
import { say, whyOf } from '../../reasons.ts';
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
const longestCode = 100;

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
        const said = guarded.mask(note).slice(0, longestNote);
        step({ what, url, status: last?.status ?? null, note: said, ok });
      }
      try {
        const result = await run();
        tell(found(result), true);
        return result;
      } catch (error) {
        const failed = asSignInError(error, heard(), guarded.mask);
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

type Mask = (text: string) => string;

/** What any failure of an attempt comes to; what a server wrote is cut to a line, without what nobody may see. */
function asSignInError(error: unknown, last: { status: number; body: string } | null, mask: Mask): SignInError {
  if (error instanceof SignInError) return error;
  if (error instanceof IssuerMismatchError) {
    const { expected, received } = error;
    const names = { expected: saidIn(mask(expected ?? '')), received: saidIn(mask(received ?? '')) || 'nobody' };
    const isSlash = expected !== undefined && received !== undefined && bare(expected) === bare(received);
    return new SignInError('untrusted', say(isSlash ? 'signInSlash' : 'signInIssuer', names));
  }
  if (error instanceof RegistrationRejectedError) {
    const reason = says(error.status, mask(error.body));
    return new SignInError(error.status >= 500 ? 'unreachable' : 'client', say('signInRegistration', { reason }));
  }
  if (error instanceof LinkError) {
    const failure = error.code === 'unreachable' || error.code === 'closed' ? 'unreachable' : 'untrusted';
    return new SignInError(failure, say('signInFailed', { reason: whyOf(error) }), error);
  }
  if (last !== null && last.status >= 300) return refusedWith(error, last, mask);
  if (error instanceof OAuthError) {
    return new SignInError(failureOf(error), say('signInRefused', { reason: oauthWords(error, mask) }));
  }
  const reason = error instanceof Error ? saidIn(mask(error.message)) : 'unknown';
  return new SignInError('untrusted', say('signInAnswer', { reason }));
}

/** An address without a slash at its end. */
function bare(address: string): string {
  return address.endsWith('/') ? address.slice(0, -1) : address;
}

function refusedWith(error: unknown, { status, body }: { status: number; body: string }, mask: Mask): SignInError {
  // The SDK puts whatever is no error of OAuth into one of its own.
  const isOAuth = error instanceof OAuthError && !error.message.includes('Invalid OAuth error response');
  const failure = isOAuth ? failureOf(error) : 'refused';
  const isBusy = status === 408 || status === 425 || status === 429 || status >= 500;
  const isSaid = isOAuth && (error.code === 'invalid_grant' || failure === 'unknown-client');
  const reason = isOAuth ? oauthWords(error, mask) : says(status, mask(body));
  return new SignInError(isBusy && !isSaid ? 'unreachable' : failure, say('signInRefused', { reason }));
}

function oauthWords({ code, message }: OAuthError, mask: Mask): string {
  const said = saidIn(mask(message));
  const word = saidIn(mask(code)).slice(0, longestCode);
  return said === '' || message === code ? word : `${word}: ${said}`;
}

function says(status: number, body: string): string {
  const said = saidIn(body);
  return said === '' ? `HTTP ${status}` : `HTTP ${status}: ${said}`;
}
