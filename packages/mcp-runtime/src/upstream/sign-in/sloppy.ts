import { isObject } from '@switchboard/basics';

/** What a document is read for, and what the SDK requires of it besides: members that nobody reads may be wrong. */
const readOfServer = [
  'issuer',
  'authorization_endpoint',
  'token_endpoint',
  'registration_endpoint',
  'revocation_endpoint',
  'scopes_supported',
  'response_types_supported',
  'grant_types_supported',
  'token_endpoint_auth_methods_supported',
  'code_challenge_methods_supported',
  'client_id_metadata_document_supported',
  'authorization_response_iss_parameter_supported',
  'jwks_uri',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
];
const readOfResource = ['resource', 'authorization_servers', 'scopes_supported'];
const readOfClient = [
  'client_id',
  'client_secret',
  'client_secret_expires_at',
  'token_endpoint_auth_method',
  'error',
  'error_description',
];

type Members = Record<string, unknown>;

/**
 * An answer in the form that the specification has, where what it lacks of it says nothing: providers leave members out,
 * write null for them, or answer a form. Only for text that was found to be neither too large nor too deep.
 */
export function inForm(body: string, init: RequestInit): string {
  const isForm = init.body instanceof URLSearchParams;
  const read = parsed(body) ?? (isForm ? fromForm(body) : null);
  if (read === null) return body;
  const given = withoutNull(read);
  if (isForm) return JSON.stringify(asTokens(given));
  if (typeof init.body === 'string') return JSON.stringify(asClient(given, init.body));
  if (given['resource'] !== undefined) return JSON.stringify(only(given, readOfResource));
  return given['issuer'] === undefined ? body : JSON.stringify(asServer(given));
}

function parsed(text: string): Members | null {
  try {
    const read: unknown = JSON.parse(text);
    return isObject(read) ? read : null;
  } catch {
    return null;
  }
}

/** A form with a token or an error, each of its members once; null = none. */
function fromForm(text: string): Members | null {
  if (!/^[\w.~%+-]+=[^\s<>]*$/.test(text)) return null;
  const form = new URLSearchParams(text);
  const names = [...form.keys()];
  const isOne = names.length === new Set(names).size && (form.has('access_token') || form.has('error'));
  return isOne ? Object.fromEntries(form) : null;
}

function withoutNull(given: Members): Members {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function only(given: Members, names: readonly string[]): Members {
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(given, name) ? [[name, given[name]]] : [])));
}

function asTokens(given: Members): Members {
  return typeof given['access_token'] === 'string' ? { token_type: 'Bearer', ...given } : given;
}

function asServer(given: Members): Members {
  const { revocation_endpoint: revoke, ...read } = only(given, readOfServer);
  // Nobody is told of an end at an address that is none; the rest is of use all the same.
  const isPlace = typeof revoke === 'string' && URL.canParse(revoke);
  return { response_types_supported: ['code'], ...read, ...(isPlace && { revocation_endpoint: revoke }) };
}

/** Where people come back to is what was asked for: another place would not be known here. */
function asClient(given: Members, request: string): Members {
  if (given['client_id'] === undefined) return given;
  return { ...only(given, readOfClient), redirect_uris: parsed(request)?.['redirect_uris'] ?? [] };
}
