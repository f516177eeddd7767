import { LinkError } from '../link.ts';
import type { Target } from './target.ts';

/** Says in words why an exchange failed. */
export function networkError(target: Target, error: Error): LinkError {
  if (error instanceof LinkError) return error;
  const code = errorCode(error);
  if (code === 'UND_ERR_INVALID_ARG')
    return new LinkError('protocol', `HTTP does not allow the message: ${error.message}`);
  // After these the server may have seen the message, so it is not for us to say it was not delivered.
  const broke = broken.has(code);
  const text = networkMessage(target, code, error);
  const sentence = text.startsWith('http') ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return new LinkError(broke ? 'closed' : 'unreachable', sentence, { cause: error });
}

const noHttp = 'HTTPParserError';
const broken = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', noHttp]);

function errorCode(error: Error): string {
  if (error.name === noHttp) return noHttp;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first ? String(first.code) : '';
}

function networkMessage(target: Target, code: string, error: Error): string {
  const host = target.origin;
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing answers at ${host}: the connection was refused.`;
    case 'ENOTFOUND':
      return `The host name of ${host} is not known.`;
    case 'EAI_AGAIN':
      return `The host name of ${host} could not be looked up: the name service does not answer.`;
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return `${host} does not answer: the connection could not be made in time.`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `There is no route to ${host}.`;
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return `${host} ended the connection before its answer was complete.`;
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `The certificate of ${host} is not trusted (${code}): set NODE_EXTRA_CA_CERTS of the hub to a file with the certificate of its authority.`;
    case 'CERT_HAS_EXPIRED':
      return `The certificate of ${host} has expired, or the clock of this machine is wrong.`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The certificate of ${host} is for another name.`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return `What answers at ${host} does not speak TLS: its address may have to begin with http://.`;
    case noHttp:
      return `What answers at ${host} does not speak HTTP (${error.message}).`;
    default:
      return `${host} could not be reached: ${error.message}`;
  }
}
