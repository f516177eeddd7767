import { type Reason, type ReasonParam, say } from '../../reasons.ts';
import { LinkError } from '../link.ts';

/** Says why an exchange with this host, or proxy, failed. */
export function networkError(host: ReasonParam, error: Error): LinkError {
  if (error instanceof LinkError) return error;
  const code = errorCode(error);
  if (code === 'UND_ERR_INVALID_ARG')
    return new LinkError('protocol', `HTTP does not allow the message: ${error.message}`);
  // After these the server may have seen the message, so it is not for us to say it was not delivered.
  const broke = broken.has(code);
  return new LinkError(broke ? 'closed' : 'unreachable', networkReason(host, code, error), { cause: error });
}

const noHttp = 'HTTPParserError';
const broken = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', noHttp]);

function errorCode(error: Error): string {
  if (error.name === noHttp) return noHttp;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first ? String(first.code) : '';
}

function networkReason(host: ReasonParam, code: string, error: Error): Reason {
  switch (code) {
    case 'ECONNREFUSED':
      return say('nothingAnswers', { host });
    case 'ENOTFOUND':
      return say('hostUnknown', { host });
    case 'EAI_AGAIN':
      return say('noLookup', { host });
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return say('noConnection', { host });
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return say('noRoute', { host });
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return say('hostEnded', { host });
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return say('certificateUntrusted', { host, code });
    case 'CERT_HAS_EXPIRED':
      return say('certificateExpired', { host });
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return say('certificateName', { host });
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return say('noTls', { host });
    case noHttp:
      return say('noHttp', { host, reason: error.message });
    default:
      return say('notReached', { host, reason: error.message });
  }
}
