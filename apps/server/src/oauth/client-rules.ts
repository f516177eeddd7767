import { errors } from 'oidc-provider';
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

/** Texts of foreign metadata that are shown to people. */
function checkTexts(metadata: Record<string, unknown>): void {
  const { client_name: name, client_uri: uri } = metadata;
  if (typeof name === 'string' && name.length > longestName)
    refuse(`client_name must have at most ${longestName} characters`);
  if (typeof uri === 'string' && uri.length > longest) refuse(`client_uri must have at most ${longest} characters`);
}

/**
 * What is done to the metadata of every client, from wherever it comes, before it is checked: a client with a redirect
 * to its own machine is a native one, which may use any port there; and every client may
 * refresh what it got.
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
 * Clients name all that they can do anywhere (VS Code: a device's flow too), and scopes that they read somewhere. What
 * counts is what each request asks for; what is not done here is left out of what they registered.
 */
function completeGrants(metadata: Record<string, unknown>): void {
  delete metadata['scope'];
  const named = metadata['grant_types'];
  if (!Array.isArray(named) || named.includes('client_credentials')) return;
  metadata['grant_types'] = grantTypes;
  metadata['response_types'] = ['code'];
}
