import { machineMark } from '@switchboard/core/oauth';
import { isLoopback } from '../config.ts';
import { engine } from './engine.ts';

const mostRedirects = 20;
const longest = 2_048;
const longestName = 200;
const redirectRule =
  'redirect_uris must be https URLs, or http URLs of the machine that the client runs on (127.0.0.1, localhost, [::1])';

/** Methods of which the server chooses one; they count in documents only. */
export const methodChoices = 'token_endpoint_auth_methods_supported';
/** Metadata of a client whose document lets it prove itself with a key or not at all, as each request does. */
export const eitherMark = 'switchboard_either_method';

/** Schemes that a browser or an operating system acts upon, which no program has for itself. */
const systemSchemes = new Set(
  `about blob cid chrome data facetime feed file filesystem ftp ftps help intent itms jar javascript ldap ldaps mailto
   market mid news nntp resource search search-ms sftp shell shortcuts sip sips smb sms ssh tel telnet urn vbscript
   view-source webcal ws wss x-apple x-man-page`.split(/\s+/),
);
const systemFamilies = /^(?:ms|itms|chrome|moz|edge|android|x-apple)-/;
const schemeRule =
  'redirect_uris must have a scheme of the program itself, which no browser and no operating system acts upon; not';

function checkScheme(text: string): void {
  const scheme = text.slice(0, Math.max(0, text.indexOf(':'))).toLowerCase();
  if (systemSchemes.has(scheme) || systemFamilies.test(scheme)) refuse(`${schemeRule} ${scheme}`);
}

function isLoopbackUri(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, ''));
}

function refuse(message: string): never {
  throw new (engine().errors.InvalidClientMetadata)(message);
}

/** What only concerns ID tokens, which the hub does not have. */
const ofIdTokens = ['default_acr_values', 'default_max_age', 'require_auth_time', 'id_token_signed_response_alg'];

/** Leaves out what says nothing, as some serializers write it, and what the hub does not have. */
function leaveOut(metadata: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(metadata)) {
    if (value === null || value === '') delete metadata[name];
  }
  for (const name of ofIdTokens) delete metadata[name];
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
  leaveOut(metadata);
  checkTexts(metadata);
  // Clients write what they read in the metadata of an endpoint. What they may is said at each request, and for good by
  // a person: a list of the registration would only refuse a later request for more.
  delete metadata['scope'];
  completeMethod(metadata);
  const redirects = metadata['redirect_uris'];
  if (!Array.isArray(redirects)) return;
  if (redirects.length > mostRedirects) refuse(`redirect_uris must have at most ${mostRedirects} members`);
  const texts = redirects.filter((uri) => typeof uri === 'string');
  if (texts.some((uri) => uri.length > longest)) refuse(`redirect_uris must have at most ${longest} characters each`);
  if (texts.some((uri) => /^http:/i.test(uri) && !isLoopbackUri(uri))) refuse(redirectRule);
  texts.forEach(checkScheme);
  const isNative = texts.some((uri) => isLoopbackUri(uri) || !/^https?:/i.test(uri));
  metadata['application_type'] = isNative ? 'native' : 'web';
  completeGrants(metadata);
}

/** Whether an id is the address of a metadata document. */
export function isDocument(clientId: string): boolean {
  return /^https:\/\//i.test(clientId);
}

function hasText(list: unknown, text: string): boolean {
  return Array.isArray(list) && list.includes(text);
}

/**
 * Completes how the client of a document proves itself: a document cannot hold a secret, which is what the absence of
 * the method would mean. Where it names a key and `none`, each request may do either.
 */
function completeMethod(metadata: Record<string, unknown>): void {
  delete metadata[eitherMark];
  const { client_id: id, token_endpoint_auth_method: method, [methodChoices]: all } = metadata;
  if (typeof id !== 'string' || !isDocument(id)) {
    delete metadata[methodChoices];
    return;
  }
  const hasKeys = metadata['jwks_uri'] !== undefined || metadata['jwks'] !== undefined;
  const mayBeKey = method === 'private_key_jwt' || (hasText(all, 'private_key_jwt') && hasKeys);
  const mayBeNone = method === 'none' || hasText(all, 'none');
  if (mayBeKey) metadata['token_endpoint_auth_method'] = 'private_key_jwt';
  else if (mayBeNone || method === undefined || method === 'client_secret_basic')
    metadata['token_endpoint_auth_method'] = 'none';
  if (mayBeKey && mayBeNone) metadata[eitherMark] = true;
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
