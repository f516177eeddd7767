import { errors } from 'oidc-provider';
import { machineMark } from '@switchboard/core/oauth';
import { isLoopback } from '../config.ts';

const mostRedirects = 20;
const longest = 2_048;
const longestName = 200;
const redirectRule =
  'redirect_uris must be https URLs, or http URLs of the machine that the client runs on (127.0.0.1, localhost, [::1])';

function isLoopbackUri(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, ''));
}

function refuse(message: string): never {
  throw new errors.InvalidClientMetadata(message);
}

/** Bounds the texts of client metadata that people see. */
function checkTexts(metadata: Record<string, unknown>): void {
  const { client_name: name, client_uri: uri } = metadata;
  if (typeof name === 'string' && name.length > longestName)
    refuse(`client_name must have at most ${longestName} characters`);
  if (typeof uri === 'string' && uri.length > longest) refuse(`client_uri must have at most ${longest} characters`);
}

/**
 * Completes the metadata of a client before the engine checks it: a client with a redirect to its own machine or to a
 * scheme of its own is native, so that any port of the machine is accepted, and every client may refresh.
 */
export function completeClient(metadata: Record<string, unknown>): void {
  checkTexts(metadata);
  // Clients write what they read in the metadata of an endpoint. What they may is said at each request, and for good by
  // a person: a list of the registration would only refuse a later request for more.
  delete metadata['scope'];
  const redirects = metadata['redirect_uris'];
  if (!Array.isArray(redirects)) return;
  if (redirects.length > mostRedirects) refuse(`redirect_uris must have at most ${mostRedirects} members`);
  const texts = redirects.filter((uri) => typeof uri === 'string');
  if (texts.some((uri) => uri.length > longest)) refuse(`redirect_uris must have at most ${longest} characters each`);
  if (texts.some((uri) => /^http:/i.test(uri) && !isLoopbackUri(uri))) refuse(redirectRule);
  const isNative = texts.some((uri) => isLoopbackUri(uri) || !/^https?:/i.test(uri));
  metadata['application_type'] = isNative ? 'native' : 'web';
  completeGrants(metadata);
}

const grantTypes = ['authorization_code', 'refresh_token'];

/**
 * Drops the grant types and scopes that the hub does not have: clients register all that they support anywhere (VS Code
 * the device flow too), and the scope of each request is what counts.
 */
function completeGrants(metadata: Record<string, unknown>): void {
  // Only the store says that a client is a machine: no other client signs in without a person.
  if (metadata[machineMark] === true) return;
  metadata['grant_types'] = grantTypes;
  metadata['response_types'] = ['code'];
}
